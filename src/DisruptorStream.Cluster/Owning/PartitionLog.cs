using Microsoft.Extensions.Logging;

namespace DisruptorStream.Cluster.Owning;

/// <summary>What owners tell the host's log. Nothing here is per event or record.</summary>
internal static partial class PartitionLog
{
    [LoggerMessage(
        1, LogLevel.Information, "Partition {Partition} of '{Query}' is owned here from position {Position} on, as "
            + "epoch {Epoch}; the next result is number {Number}.")]
    public static partial void Owned(
        ILogger logger, string query, int partition, long position, long epoch, long number);

    [LoggerMessage(
        2, LogLevel.Information, "Partition {Partition} of '{Query}' has ended here, at position {Position}.")]
    public static partial void Ended(ILogger logger, string query, int partition, long position);

    [LoggerMessage(
        3, LogLevel.Warning, "Partition {Partition} of '{Query}' is owned by somebody else, and ends here: {Reason}")]
    public static partial void Fenced(ILogger logger, string query, int partition, string reason);

    [LoggerMessage(
        4, LogLevel.Error, "Partition {Partition} of '{Query}' has failed in the state {State}; the last record of its "
            + "log of results that it has handled is at {Position}.")]
    public static partial void Failed(
        ILogger logger, string query, int partition, PartitionState state, long position, Exception cause);

    [LoggerMessage(
        5, LogLevel.Warning, "Partition {Partition} of '{Query}': {What} has failed, and is tried again.")]
    public static partial void Retried(ILogger logger, string query, int partition, string what, Exception cause);

    [LoggerMessage(
        6, LogLevel.Warning, "Partition {Partition} of '{Query}': the checkpoint at position {Position} cannot be "
            + "used, and the logs are read from their start.")]
    public static partial void CheckpointPassedOver(
        ILogger logger, string query, int partition, long position, Exception cause);

    [LoggerMessage(
        7, LogLevel.Warning, "Partition {Partition} of '{Query}': no checkpoint was written; the one before counts.")]
    public static partial void CheckpointFailed(ILogger logger, string query, int partition, Exception cause);
}
