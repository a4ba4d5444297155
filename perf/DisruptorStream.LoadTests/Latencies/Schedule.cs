using System.Diagnostics;

namespace DisruptorStream.LoadTests.Latencies;

/// <summary>When each event of a run is due, on the monotonic clock.</summary>
/// <param name="Begin">When the first one is.</param>
/// <param name="TicksPerEvent">In ticks of <see cref="Stopwatch"/>.</param>
internal readonly record struct Schedule(long Begin, double TicksPerEvent)
{
    /// <summary>
    /// At the begin of a run, the threads that were asleep may share a processor until the scheduler parts them.
    /// What is due so early is not recorded, of nobody.
    /// </summary>
    public static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(50);

    public static Schedule StartNow(int eventsPerSecond) =>
        new(Stopwatch.GetTimestamp(), (double)Stopwatch.Frequency / eventsPerSecond);

    /// <summary>The first event that is due once the threads have settled.</summary>
    public long FirstSettled => (long)(Settling.TotalSeconds * Stopwatch.Frequency / TicksPerEvent);

    public long DueOf(long index) => Begin + (long)(index * TicksPerEvent);

    /// <summary>Nanoseconds from the due time of an event until now; at least 1.</summary>
    public long NanosecondsSince(long index, long now) =>
        Math.Clamp((long)((now - DueOf(index)) * (1e9 / Stopwatch.Frequency)), 1, Percentiles.MostNanoseconds);

    /// <summary>Spins until the event is due.</summary>
    public void WaitFor(long index)
    {
        var due = DueOf(index);
        while (Stopwatch.GetTimestamp() < due)
            Thread.SpinWait(1);
    }
}
