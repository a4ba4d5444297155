using DisruptorStream.Ingest;
using DisruptorStream.Slots;
using DisruptorStream.Telemetry;
using DisruptorStream.Telemetry.Guards;

namespace DisruptorStream.Pipeline.Lifecycle;

/// <summary>What ticks carry, when the next one is due, and what is told to the host after one.</summary>
internal sealed class TickClock : ITickSource
{
    /// <summary>Where no result goes by the clock, it is read at one call of this number.</summary>
    private const int IdleStride = 64;

    private readonly ProcessingClock _clock;
    private readonly QuietClock _quiet;
    private readonly Lock _gate = new();
    private readonly long _intervalTicks;
    private readonly int _stride;
    private readonly Action _onTick;
    private readonly HostFailures _failures;
    private long _nextTicks = long.MinValue;
    private int _untilLook;

    /// <param name="clock">The host's clock.</param>
    /// <param name="waits">Counts how long publishers waited for room.</param>
    /// <param name="interval">The cadence.</param>
    /// <param name="matters">Whether results depend on the clock.</param>
    /// <param name="onTick">Called after each tick.</param>
    /// <param name="failures">Counts what nobody else is told of.</param>
    public TickClock(
        ProcessingClock clock,
        WaitMeter waits,
        TimeSpan interval,
        bool matters,
        Action onTick,
        HostFailures failures)
    {
        _clock = clock;
        _quiet = new QuietClock(waits, interval, clock.ReadSteady());
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

    public void Pass(int calls) => _untilLook -= calls;

    public TickReading Read()
    {
        lock (_gate)
        {
            var steadyTicks = _clock.ReadSteady();
            _nextTicks = steadyTicks + _intervalTicks;
            var timeOfDayTicks = _clock.Read();
            return new TickReading(timeOfDayTicks, steadyTicks, _quiet.Step(steadyTicks));
        }
    }

    public void GiveBack(in TickReading reading)
    {
        lock (_gate)
            _quiet.GiveBack(reading.QuietStepTicks);
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
