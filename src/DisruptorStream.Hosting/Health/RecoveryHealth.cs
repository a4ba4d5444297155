using System.Globalization;
using DisruptorStream.Durability;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace DisruptorStream.Hosting.Health;

/// <summary>What is told of a processor that recovers, or that could not.</summary>
internal static class RecoveryHealth
{
    /// <summary>Whether it does its work: not yet.</summary>
    public static HealthCheckResult Check(HostedProcessor processor, HealthStatus failureStatus)
    {
        if (processor.Started.IsFaulted)
            return Failed(processor, failureStatus);
        var data = Data();
        var text = "it recovers: its journal is being read";
        if (processor.Recovery is RecoveryProgress progress)
        {
            data["slotsReplayed"] = progress.SlotsReplayed;
            data["slotsToReplay"] = progress.SlotsToReplay;
            text = progress.SlotsToReplay == 0
                ? "it recovers: nothing in its journal is to be handled again, and its state is being loaded"
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"it recovers: {progress.SlotsReplayed:N0} of {progress.SlotsToReplay:N0} slots of its journal are "
                    + $"handled again");
        }

        return new HealthCheckResult(failureStatus, $"Processor '{processor.Name}': {text}.", data: data);
    }

    /// <summary>Whether it is alive: a new process would have to begin again.</summary>
    public static HealthCheckResult CheckLife(HostedProcessor processor, HealthStatus failureStatus) =>
        processor.Started.IsFaulted
            ? Failed(processor, failureStatus)
            : HealthCheckResult.Healthy($"Processor '{processor.Name}' is alive; it recovers.", Data());

    private static HealthCheckResult Failed(HostedProcessor processor, HealthStatus failureStatus)
    {
        var failure = processor.Started.Exception?.InnerException;
        return new HealthCheckResult(
            failureStatus,
            $"Processor '{processor.Name}': it could not recover: {failure?.Message.TrimEnd('.')}.",
            failure,
            Data());
    }

    private static Dictionary<string, object> Data() => new(StringComparer.Ordinal) { ["state"] = "Recovering" };
}
