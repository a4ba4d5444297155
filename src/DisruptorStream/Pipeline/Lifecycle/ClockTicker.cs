using DisruptorStream.Events;
using DisruptorStream.Ingest;
using DisruptorStream.Ingest.Slots;
using DisruptorStream.Telemetry.Guards;

namespace DisruptorStream.Pipeline.Lifecycle;

/// <summary>
/// Puts the clock into the sequence: by a timer, or, where there are no threads, whenever somebody publishes.
/// </summary>
internal sealed class ClockTicker : IDisposable
{
    /// <summary>Without anything that goes by the clock, it is looked at once in so many calls.</summary>
    private const int IdleStride = 64;

    private readonly EventRing _ring;
    private readonly ProcessingClock _clock;
    private readonly TimeProvider _timeProvider;
    private readonly TimeSpan _interval;
    private readonly int _stride;
    private readonly Action _onTick;
    private readonly HostFailures _failures;
    private readonly bool _isInline;
    private ITimer? _timer;
    private long _nextTicks = long.MinValue;
    private int _untilLook;
    private int _isTicking;
    private bool _isDisposed;

    /// <param name="ring">Where the ticks go.</param>
    /// <param name="clock">The host's clock.</param>
    /// <param name="timeProvider">Makes the timer.</param>
    /// <param name="interval">The cadence.</param>
    /// <param name="matters">Whether results depend on the clock.</param>
    /// <param name="isInline">Whether there is no timer, so that each tick is one of a caller's.</param>
    /// <param name="onTick">Called after each tick of the timer, on its thread; Inline after each tick.</param>
    /// <param name="failures">Counts what nobody else is told of.</param>
    public ClockTicker(
        EventRing ring,
        ProcessingClock clock,
        TimeProvider timeProvider,
        TimeSpan interval,
        bool matters,
        bool isInline,
        Action onTick,
        HostFailures failures)
    {
        _failures = failures;
        _ring = ring;
        _clock = clock;
        _timeProvider = timeProvider;
        _interval = interval;
        _stride = matters ? 1 : IdleStride;
        _onTick = onTick;
        _isInline = isInline;
    }

    /// <summary>Makes the timer, unless the ticker was disposed.</summary>
    /// <exception cref="Exception">What the host's clock threw instead of making one.</exception>
    public void StartTimer()
    {
        if (Volatile.Read(ref _isDisposed))
            return;
        Interlocked.Exchange(ref _timer, _timeProvider.CreateTimer(_ => OnTimer(), null, _interval, _interval));

        // After the exchange: pairs with the write in Dispose, which may have found no timer.
        if (Volatile.Read(ref _isDisposed))
            DisposeTimer();
    }

    /// <summary>Publishes a tick now, and waits for room if it must.</summary>
    public void Tick()
    {
        var steady = _clock.ReadSteady();
        _nextTicks = steady + _interval.Ticks;
        _ring.PublishControl(SlotKind.Tick, _clock.Read(), measure: steady);

        // Inline the call has left the ring by now: what is told here may call the processor itself.
        if (_isInline)
            TellInline();
    }

    /// <summary>Publishes a tick if one is due. For Inline, before each claim.</summary>
    public void TickIfDue()
    {
        if (--_untilLook > 0)
            return;
        _untilLook = _stride;
        if (_clock.ReadSteady() >= _nextTicks)
            Tick();
    }

    /// <summary>Ends the timer, also one that is about to be made. Any thread; may be called again.</summary>
    public void Dispose()
    {
        // Before the exchange: pairs with the reads in StartTimer.
        Volatile.Write(ref _isDisposed, true);
        DisposeTimer();
    }

    private void TellInline()
    {
        try
        {
            _onTick();
        }
        catch (Exception)
        {
            // Nobody who publishes is to hear of it.
            _failures.Note();
        }
    }

    private void DisposeTimer() => Interlocked.Exchange(ref _timer, null)?.Dispose();

    private void OnTimer()
    {
        // A timer may fire again while a callback is held up.
        if (Interlocked.CompareExchange(ref _isTicking, 1, 0) != 0)
            return;
        try
        {
            // A full ring has enough to do; the next tick says the same and more.
            if (!_ring.IsClosed)
                _ring.TryPublishControl(SlotKind.Tick, _clock.Read(), measure: _clock.ReadSteady());
            _onTick();
        }
        catch (StreamProcessorException)
        {
            // The pipeline has failed: whoever awaits its completion is told.
        }
        catch (Exception)
        {
            // On a thread of the timer's, it would end the host.
            _failures.Note();
        }
        finally
        {
            Volatile.Write(ref _isTicking, 0);
        }
    }
}
