using System.Diagnostics;

namespace DisruptorStream.Rings.Waiting;

/// <summary>The end of a wait on the monotonic clock; maybe never.</summary>
internal readonly struct Deadline
{
    private const long Never = long.MaxValue;

    private Deadline(long timestamp) => Timestamp = timestamp;

    /// <summary>In ticks of <see cref="Stopwatch"/>.</summary>
    public long Timestamp { get; }

    public bool HasPassed => Timestamp != Never && Stopwatch.GetTimestamp() >= Timestamp;

    /// <summary>Rounded up, so that a wait of this length does not end early; infinite when there is no end.</summary>
    public int RemainingMilliseconds
    {
        get
        {
            if (Timestamp == Never)
                return Timeout.Infinite;

            var remaining = Timestamp - Stopwatch.GetTimestamp();
            return remaining <= 0 ? 0 : (int)(((remaining * 1000) + Stopwatch.Frequency - 1) / Stopwatch.Frequency);
        }
    }

    public static Deadline After(int timeoutMilliseconds)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(timeoutMilliseconds, Timeout.Infinite);
        return timeoutMilliseconds == Timeout.Infinite
            ? new Deadline(Never)
            : new Deadline(Stopwatch.GetTimestamp() + (timeoutMilliseconds * Stopwatch.Frequency / 1000));
    }

    /// <summary>This end or <paramref name="ticks"/> of <see cref="Stopwatch"/> from now, whichever is first.</summary>
    public long WithinTicks(long ticks) => Math.Min(Timestamp, Stopwatch.GetTimestamp() + ticks);
}
