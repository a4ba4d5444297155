namespace DisruptorStream.Rings;

/// <summary>How a thread of a processor waits for events, and a publisher for space.</summary>
public enum WaitStrategyKind
{
    /// <summary>
    /// Spins for up to tens of microseconds, then yields, then parks: no processor time when idle, a wake-up of some
    /// ten microseconds after a pause. Never spins when the busy threads outnumber the usable processors; where, in
    /// addition, each result waits for a sync of the journal, it parks at once. The default.
    /// </summary>
    Adaptive = 0,

    /// <summary>
    /// Spins briefly, then yields the processor between polls: one core per waiting thread, fair to others.
    /// </summary>
    Yielding,

    /// <summary>
    /// Polls without a pause in between worth naming: the lowest latency, one core per waiting thread. Yields instead
    /// when the busy threads outnumber the usable processors.
    /// </summary>
    BusySpin,

    /// <summary>
    /// Parks at once: the least processor time, and a wake-up of the operating system for every wait.
    /// </summary>
    Blocking,
}
