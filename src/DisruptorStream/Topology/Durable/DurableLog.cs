using System.Globalization;
using DisruptorStream.Durability;
using DisruptorStream.Pipeline.Lifecycle;
using Microsoft.Extensions.Logging;

namespace DisruptorStream.Topology.Durable;

/// <summary>Tells the host's log of a recovery, and of what goes wrong beside a durable processor.</summary>
internal sealed class DurableLog : IDurableEvents
{
    private readonly ILogger _logger;
    private readonly string _processor;

    /// <param name="logger">Where it goes.</param>
    /// <param name="processor">The processor's name.</param>
    public DurableLog(ILogger logger, string processor)
    {
        _logger = logger;
        _processor = processor;
    }

    /// <summary>What a recovery did; nothing of a new stream but what is not as it should be.</summary>
    public void Tell(RecoveryReport recovery)
    {
        if (recovery.IsRecovered)
        {
            RuntimeLog.Recovered(
                _logger,
                _processor,
                recovery.LastSequence,
                recovery.SnapshotSequence < 0
                    ? "there was no snapshot"
                    : string.Create(
                        CultureInfo.InvariantCulture, $"the snapshot at slot {recovery.SnapshotSequence} was loaded"),
                recovery.SlotsReplayed,
                recovery.Duration);
        }

        foreach (var remark in recovery.Remarks)
            RuntimeLog.RecoveryRemark(_logger, _processor, remark);
    }

    public void OnFailed(string what, Exception cause) =>
        RuntimeLog.DurabilityFailed(_logger, _processor, what, cause);

    public void OnSnapshotFailed(TimeSpan retryAfter, Exception cause) =>
        RuntimeLog.SnapshotFailed(_logger, _processor, retryAfter, cause);

    public void OnSpareFailed(Exception cause) => RuntimeLog.SpareFailed(_logger, _processor, cause);
}
