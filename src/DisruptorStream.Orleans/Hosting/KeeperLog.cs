using Microsoft.Extensions.Logging;

namespace DisruptorStream.Orleans.Hosting;

/// <summary>What the placement tells the host's log.</summary>
internal static partial class KeeperLog
{
    [LoggerMessage(1, LogLevel.Warning, "The partitions of '{Query}' cannot be asked for; that is tried again.")]
    public static partial void Failed(ILogger logger, string query, Exception cause);

    [LoggerMessage(2, LogLevel.Debug, "The partition '{Partition}' does not answer, and is asked for again: {Reason}")]
    public static partial void NotThere(ILogger logger, string partition, string reason);

    [LoggerMessage(
        3, LogLevel.Information, "The partition '{Partition}' is asked to move from the silo {From} to {To}.")]
    public static partial void Moves(ILogger logger, string partition, string from, SiloAddress to);

    [LoggerMessage(
        4, LogLevel.Information, "The silo {Silo} is there, one of {Count}: partitions that are to be its own move "
            + "when it follows them.")]
    public static partial void Joined(ILogger logger, SiloAddress silo, int count);

    [LoggerMessage(
        5, LogLevel.Warning, "The silo {Silo} is gone ({Status}): its partitions go to the others, which are {Count}.")]
    public static partial void Left(ILogger logger, SiloAddress silo, SiloStatus status, int count);
}
