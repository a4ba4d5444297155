using DisruptorStream.Messages;

namespace DisruptorStream.Cluster.Writing;

/// <summary>How a writer gathers events. Each is checked when it is set.</summary>
public sealed record PartitionWriterOptions
{
    /// <summary>
    /// The most bytes of events in one record: 1 KiB to 64 MiB. Default 64 KiB; below what the log takes.
    /// </summary>
    /// <remarks>A single larger event is a record of its own.</remarks>
    public int MaxRecordBytes { get; init => field = OptionGuard.InRange(value, 1024, 64 << 20); } = 64 * 1024;

    /// <summary>How long an event waits at most for others: 0 to 1 minute. Default 5 ms.</summary>
    public TimeSpan MaxDelay
    {
        get;
        init => field = OptionGuard.InRange(value, TimeSpan.Zero, TimeSpan.FromMinutes(1));
    } = TimeSpan.FromMilliseconds(5);
}
