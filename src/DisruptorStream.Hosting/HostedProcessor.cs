using DisruptorStream.Durability;
using DisruptorStream.Reporting.Answers;

namespace DisruptorStream.Hosting;

/// <summary>A processor or a stream as the host sees it. Any thread may read it.</summary>
public abstract class HostedProcessor
{
    private int _outcome;
    private long _discardedSlots;
    private long _openWindows;
    private long _discardedResults;

    private protected HostedProcessor(string name) => Name = name;

    /// <summary>Its name among the host's processors.</summary>
    public string Name { get; }

    /// <summary>How it ended, once the host has stopped it.</summary>
    public DrainOutcome Outcome => (DrainOutcome)Volatile.Read(ref _outcome);

    /// <summary>
    /// Slots of the ring that were discarded because the host's shutdown time-out was over, or the drain failed:
    /// events, and a few that are ticks and the like.
    /// </summary>
    public long DiscardedSlots => Volatile.Read(ref _discardedSlots);

    /// <summary>
    /// Windows, slices or sessions that were still open when the host's shutdown time-out was over, or the drain
    /// failed: what the events in them would have added to results is lost. Those that only wait for late events are
    /// counted too.
    /// </summary>
    public long OpenWindows => Volatile.Read(ref _openWindows);

    /// <summary>
    /// Results that were fired and had reached nobody, or not all whom they were for, when the host's shutdown time-out
    /// was over, or the drain failed; those of a call of a sink that was still under way are among them.
    /// </summary>
    public long DiscardedResults => Volatile.Read(ref _discardedResults);

    /// <summary>
    /// Completes when it has started, which for a durable one is after its recovery; faults when it could not be built.
    /// </summary>
    public abstract Task Started { get; }

    /// <summary>Completes when it has stopped; faults when a stage failed, or when it could not be built.</summary>
    public abstract Task Completion { get; }

    /// <summary>
    /// Why <see cref="Completion"/> faults, known as soon as the processor's own task faults; null where it does not.
    /// </summary>
    internal abstract Exception? Failure { get; }

    /// <summary>What it has done so far. While it recovers, this waits for the end of that.</summary>
    public abstract ProcessorStats GetStats();

    /// <summary>Why it gives no result now; of a stream, that of each query.</summary>
    /// <inheritdoc cref="EventProcessor.WhyNoResult" path="/remarks"/>
    public abstract NoResultAnswer WhyNoResult();

    /// <summary>
    /// Completes when the reader of the results has read them all, or there is none; faults when it failed, or
    /// returned before their end.
    /// </summary>
    internal abstract Task ReaderCompletion { get; }

    /// <summary>Builds it, which recovers one that is durable. A further call only waits for that.</summary>
    internal abstract void Build();

    /// <summary>Whether it is being built, or could not be: it has no figures then.</summary>
    internal abstract bool IsRecovering { get; }

    /// <summary>How far its recovery has come; null before it tells.</summary>
    internal abstract RecoveryProgress? Recovery { get; }

    /// <summary>Ends its recovery where it is under way.</summary>
    internal abstract void GiveUpRecovery();

    /// <summary>Starts the processor and the reader of its results.</summary>
    /// <param name="tellUnread">
    /// Called once for each query where neither sink nor reader was given, with its name, when the buffer of results is
    /// full and nobody has read it.
    /// </param>
    internal abstract void Start(Action<string> tellUnread);

    /// <summary>Whether its state is durable, so that it can be suspended.</summary>
    internal abstract bool IsDurable { get; }

    internal abstract Task StopAsync(StopMode mode, CancellationToken cancellationToken);

    /// <summary>Ends what still runs, and discards the rest. Returns within the engine's own time-out.</summary>
    internal abstract Task AbortAsync();

    /// <param name="outcome">How it ended.</param>
    /// <param name="lost">What it was like when the drain was given up; null where it was not.</param>
    internal void End(DrainOutcome outcome, ProcessorStats? lost = null)
    {
        // Pairs with the reads above: who sees the outcome sees the counts.
        Volatile.Write(ref _discardedSlots, lost?.UnhandledSlots ?? 0);
        Volatile.Write(ref _openWindows, lost?.ActiveWindows ?? 0);
        Volatile.Write(ref _discardedResults, lost?.ResultsUndelivered ?? 0);
        Volatile.Write(ref _outcome, (int)outcome);
    }
}
