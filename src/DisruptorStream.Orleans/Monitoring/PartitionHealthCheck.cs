using System.Globalization;
using DisruptorStream.Cluster;
using DisruptorStream.Orleans.Hosting;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace DisruptorStream.Orleans.Monitoring;

/// <summary>Whether the partitions that this silo owns do their work.</summary>
internal sealed class PartitionHealthCheck : IHealthCheck
{
    private readonly LocalPartitions _local;

    public PartitionHealthCheck(LocalPartitions local) => _local = local;

    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        var data = new Dictionary<string, object>(StringComparer.Ordinal);
        var (owned, worst, text) = (0, HealthStatus.Healthy, "");
        foreach (var (status, isRefused) in _local.StatusesAndRefusals())
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"{status.Query}/{status.Partition}");
            data[$"partition.{name}"] = status.State.ToString();
            if (status.State == PartitionState.Owning)
                owned++;
            var found = isRefused ? HealthStatus.Degraded
                : status.State == PartitionState.Failed ? context.Registration.FailureStatus
                : status.Failure is not null ? HealthStatus.Degraded
                : HealthStatus.Healthy;
            if (found >= worst)
                continue;
            worst = found;
            text = $"Partition '{name}' ({status.State}): {status.Failure?.Message}";
        }

        return Task.FromResult(new HealthCheckResult(
            worst,
            worst == HealthStatus.Healthy
                ? string.Create(CultureInfo.InvariantCulture, $"partitions that are owned here: {owned}")
                : text,
            data: data));
    }
}
