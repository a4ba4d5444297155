namespace DisruptorStream.Cli.Jobs;

/// <summary>How far a job has come. One thread reports, any may look.</summary>
internal sealed class JobProgress
{
    private Func<ProcessorStats>? _stats;
    private long _readBytes;

    /// <summary>The length of all inputs; null where one has no end that is known.</summary>
    public long? TotalBytes { get; init; }

    /// <summary>What has been read, a buffer at a time.</summary>
    public long ReadBytes => Volatile.Read(ref _readBytes);

    /// <summary>The events that went through the engine.</summary>
    public long Events => Volatile.Read(ref _stats)?.Invoke().EventsProcessed ?? 0;

    /// <summary>Takes the number of events from there.</summary>
    public void Follow(Func<ProcessorStats> stats) => Volatile.Write(ref _stats, stats);

    /// <summary>Counts a buffer that has been read.</summary>
    public void Add(int bytes) => Volatile.Write(ref _readBytes, _readBytes + bytes);
}
