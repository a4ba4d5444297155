using DisruptorStream.Ingest;
using DisruptorStream.Slots;
using DisruptorStream.Telemetry.Guards;

namespace DisruptorStream.Pipeline.Lifecycle;

/// <summary>What ticks carry, when the next one is due, and what is told to the host after one.</summary>
internal sealed class TickClock : ITickSource
{
    /// <summary>Where no result goes by the clock, it is read at one call of this number.</summary>
    private const int IdleStride = 64;

    private readonly ProcessingClock _clock;
    private readonly long _intervalTicks;
    private readonly int _stride;
    private readonly Action _onTick;
    private readonly HostFailures _failures;
    private long _nextTicks = long.MinValue;
    private int _untilLook;

    /// <param name="clock">The host's clock.</param>
    /// <param name="interval">The cadence.</param>
    /// <param name="matters">Whether results depend on the clock.</param>
    /// <param name="onTick">Called after each tick.</param>
    /// <param name="failures">Counts what nobody else is told of.</param>
    public TickClock(
        ProcessingClock clock, TimeSpan interval, bool matters, Action onTick, HostFailures failures)
    {
        _clock = clock;
        _intervalTicks = interval.Ticks;
        _stride = matters ? 1 : IdleStride;
        _onTick = onTick;
        _failures = failures;
    }

    public bool IsDue()
    {
        if (--_untilLook > 0)
            return false;
        _untilLook = _stride;
        return _clock.ReadSteady() >= _nextTicks;
    }

    public TickReading Read()
    {
        var steadyTicks = _clock.ReadSteady();
        _nextTicks = steadyTicks + _intervalTicks;
        return new TickReading(_clock.Read(), steadyTicks);
    }

    public void Tell()
    {
        try
        {
            _onTick();
        }
        catch (Exception)
        {
            // Nobody who publishes is to hear of it, and on a timer's thread it would end the host.
            _failures.Note();
        }
    }
}
