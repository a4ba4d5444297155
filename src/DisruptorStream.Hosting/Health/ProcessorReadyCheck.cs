using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace DisruptorStream.Hosting.Health;

/// <summary>Whether a processor does its work, and in time.</summary>
internal sealed class ProcessorReadyCheck : IHealthCheck
{
    private readonly ProcessorHealth _health;

    public ProcessorReadyCheck(ProcessorHealth health) => _health = health;

    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(_health.Check(context.Registration.FailureStatus));
}
