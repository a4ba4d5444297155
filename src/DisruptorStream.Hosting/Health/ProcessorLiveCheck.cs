using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace DisruptorStream.Hosting.Health;

/// <summary>Whether a processor is alive: unhealthy is what only a new process can mend.</summary>
internal sealed class ProcessorLiveCheck : IHealthCheck
{
    private readonly HostedProcessor _processor;

    public ProcessorLiveCheck(HostedProcessor processor) => _processor = processor;

    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(Check(context));

    private HealthCheckResult Check(HealthCheckContext context)
    {
        if (_processor.IsRecovering)
            return RecoveryHealth.CheckLife(_processor, context.Registration.FailureStatus);
        var state = _processor.GetStats().State;
        var data = new Dictionary<string, object>(StringComparer.Ordinal) { ["state"] = state.ToString() };
        if (state is not (ProcessorState.Faulted or ProcessorState.Stopped))
            return HealthCheckResult.Healthy($"Processor '{_processor.Name}' is alive.", data);
        var failure = _processor.Failure;
        return new HealthCheckResult(
            context.Registration.FailureStatus,
            state == ProcessorState.Stopped
                ? $"Processor '{_processor.Name}': it was stopped."
                : $"Processor '{_processor.Name}': {FailureText.Of(failure)}.",
            failure,
            data);
    }
}
