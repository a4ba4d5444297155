using DisruptorStream.Rings.Waiting;

namespace DisruptorStream.Rings;

/// <summary>How threads wait for each other's progress in one direction of a ring.</summary>
/// <remarks>
/// Any number of threads may wait and signal at once. A thread that makes progress first makes it visible, then calls
/// <see cref="Signal"/>; several rings may share an instance when a thread has to hear of the progress of each.
/// </remarks>
internal abstract class WaitStrategy
{
    /// <summary>
    /// How long, in iterations of <see cref="Thread.SpinWait"/>, a consumer that finds little may leave the producers'
    /// cache lines alone so that a batch builds; 0 = not at all.
    /// </summary>
    public virtual int LongestPause => 0;

    /// <summary>Whether somebody may be parked, after progress was made visible.</summary>
    public abstract bool MayBeAwaited { get; }

    /// <summary>
    /// Makes a strategy for a pipeline that keeps <paramref name="busyThreads"/> threads busy at once.
    /// </summary>
    /// <param name="kind">Which one was chosen.</param>
    /// <param name="budget">The processors that there are.</param>
    /// <param name="busyThreads">How many threads the pipeline keeps busy.</param>
    /// <param name="awaitsDisk">
    /// Whether each result waits for the disk: then a thread that looks for events again and again gains nothing, and
    /// takes time from the one that syncs.
    /// </param>
    public static WaitStrategy Create(
        WaitStrategyKind kind, ProcessorBudget budget, int busyThreads, bool awaitsDisk = false)
    {
        var maySpin = busyThreads <= budget.Processors;
        return kind switch
        {
            WaitStrategyKind.Adaptive when awaitsDisk && !maySpin => new BlockingWaitStrategy(),
            WaitStrategyKind.Adaptive => new AdaptiveWaitStrategy(maySpin),
            WaitStrategyKind.Yielding => new YieldingWaitStrategy(maySpin),
            WaitStrategyKind.BusySpin => maySpin ? new BusySpinWaitStrategy() : new YieldingWaitStrategy(maySpin),
            WaitStrategyKind.Blocking => new BlockingWaitStrategy(),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Choose a named wait strategy."),
        };
    }

    /// <summary>
    /// Whether a consumer had better let events gather before it is woken: processors are dear, and waking costs them.
    /// </summary>
    public virtual bool Gathers => false;

    /// <summary>Returns true once the condition is met, false when the time is up first. Allocates nothing.</summary>
    public abstract bool Wait(IWaitCondition condition, int timeoutMilliseconds = Timeout.Infinite);

    /// <summary>
    /// Parks at once until the next signal, unless the condition is met. Only where <see cref="Gathers"/> says so.
    /// </summary>
    public virtual void Park(IWaitCondition condition, int timeoutMilliseconds) => throw new NotSupportedException();

    /// <summary>Wakes threads that are parked, after progress was made visible. Cheap where none is.</summary>
    public abstract void Signal();
}
