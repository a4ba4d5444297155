using DisruptorStream.Telemetry;

namespace DisruptorStream.Pipeline.Lifecycle;

/// <summary>
/// The steps of the quiet clock: the steady time, less that in which publishers waited for room, and at most two tick
/// intervals from one tick to the next.
/// </summary>
/// <remarks>
/// A process that stood still, in a debugger or for want of a processor, has not been quiet, and neither has one whose
/// publishers could not publish. One thread at a time.
/// </remarks>
internal sealed class QuietClock
{
    private readonly WaitMeter _waits;
    private readonly long _longestStepTicks;
    private long _steadyTicks;
    private long _blockedTicks;
    private long _keptTicks;

    /// <param name="waits">Counts how long publishers waited.</param>
    /// <param name="tickInterval">The cadence of the ticks.</param>
    /// <param name="steadyTicks">The steady time now.</param>
    public QuietClock(WaitMeter waits, TimeSpan tickInterval, long steadyTicks)
    {
        _waits = waits;
        _longestStepTicks = 2 * tickInterval.Ticks;
        _steadyTicks = steadyTicks;
        _blockedTicks = waits.Blocked.Ticks;
    }

    /// <summary>The step of a tick, 0 or more.</summary>
    public long Step(long steadyTicks)
    {
        var blockedTicks = _waits.Blocked.Ticks;
        var passed = Math.Max(0, steadyTicks - _steadyTicks - (blockedTicks - _blockedTicks));
        var step = Math.Min(passed + _keptTicks, _longestStepTicks);
        (_steadyTicks, _blockedTicks, _keptTicks) = (steadyTicks, blockedTicks, 0);
        return step;
    }

    /// <summary>A tick with this step was not published: the next one has it as well.</summary>
    public void GiveBack(long stepTicks) => _keptTicks += stepTicks;
}
