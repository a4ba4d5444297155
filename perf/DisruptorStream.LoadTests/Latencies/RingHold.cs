using System.Diagnostics;
using DisruptorStream.Rings;

namespace DisruptorStream.LoadTests.Latencies;

/// <summary>
/// How long the worker leaves published slots lying, as the publisher sees it while it waits for its next event.
/// </summary>
/// <remarks>
/// The publisher's own absences, when the machine takes its processor away, are no fault of the worker's: what spans
/// one is not counted.
/// </remarks>
internal sealed class RingHold
{
    private static readonly long AbsenceTicks = Stopwatch.Frequency / 100_000;

    private readonly Sequencer _slots;
    private long _consumed;
    private long _since;
    private long _lookedAt;

    public RingHold(Sequencer slots) => _slots = slots;

    /// <summary>The longest time between two advances of the consumer with slots to consume, in ticks.</summary>
    public long LongestTicks { get; private set; }

    public void Restart()
    {
        _lookedAt = _since = Stopwatch.GetTimestamp();
        LongestTicks = 0;
    }

    public void Look()
    {
        var consumed = _slots.LastClaimed - (_slots.Capacity - _slots.RemainingCapacity);
        var now = Stopwatch.GetTimestamp();
        var isAbsence = now - _lookedAt > AbsenceTicks;
        _lookedAt = now;
        if (consumed != _consumed || isAbsence || consumed == _slots.LastClaimed)
        {
            if (consumed != _consumed && !isAbsence)
                LongestTicks = Math.Max(LongestTicks, now - _since);
            _since = now;
            _consumed = consumed;
        }
    }
}
