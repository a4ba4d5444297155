namespace DisruptorStream.Hosting;

/// <summary>A processor as the host sees it. Any thread may read it.</summary>
public abstract class HostedProcessor
{
    private int _outcome;
    private long _discardedSlots;
    private long _openWindows;

    private protected HostedProcessor(string name) => Name = name;

    /// <summary>Its name among the host's processors.</summary>
    public string Name { get; }

    /// <summary>How it ended, once the host has stopped it.</summary>
    public DrainOutcome Outcome => (DrainOutcome)Volatile.Read(ref _outcome);

    /// <summary>
    /// Slots of the ring that were discarded because the host's shutdown time-out was over: events, and a few that
    /// are ticks and the like.
    /// </summary>
    public long DiscardedSlots => Volatile.Read(ref _discardedSlots);

    /// <summary>
    /// Windows, slices or sessions that were still open when the host's shutdown time-out was over: what the events in
    /// them would have added to results is lost. Those that only wait for late events are counted too.
    /// </summary>
    public long OpenWindows => Volatile.Read(ref _openWindows);

    /// <summary>Completes when it has stopped; faults when a stage failed.</summary>
    public abstract Task Completion { get; }

    /// <summary>What it has done so far.</summary>
    public abstract ProcessorStats GetStats();

    /// <summary>
    /// Completes when the reader of the results has read them all, or there is none; faults when it failed, or
    /// returned before their end.
    /// </summary>
    internal abstract Task ReaderCompletion { get; }

    /// <summary>Starts the processor and the reader of its results.</summary>
    /// <param name="tellUnread">
    /// Called once where neither sink nor reader was given, when the buffer of results is full and nobody has read it.
    /// </param>
    internal abstract void Start(Action tellUnread);

    internal abstract Task StopAsync(StopMode mode, CancellationToken cancellationToken);

    internal void End(DrainOutcome outcome, long discardedSlots = 0, long openWindows = 0)
    {
        // Pairs with the reads above: who sees the outcome sees the counts.
        Volatile.Write(ref _discardedSlots, discardedSlots);
        Volatile.Write(ref _openWindows, openWindows);
        Volatile.Write(ref _outcome, (int)outcome);
    }
}
