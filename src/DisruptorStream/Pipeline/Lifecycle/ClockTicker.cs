using DisruptorStream.Slots;
using DisruptorStream.Slots.Inline;
using DisruptorStream.Telemetry.Guards;

namespace DisruptorStream.Pipeline.Lifecycle;

/// <summary>Puts the clock into the sequence: by a timer, and when somebody asks for it.</summary>
/// <remarks>Where there are no threads there is no timer; then the ring asks for ticks at its claims.</remarks>
internal sealed class ClockTicker : IDisposable
{
    private readonly EventRing _ring;
    private readonly TickClock _clock;
    private readonly TimeProvider _timeProvider;
    private readonly TimeSpan _interval;
    private readonly HostFailures _failures;
    private ITimer? _timer;
    private int _isBegun;
    private int _isTicking;
    private bool _isDisposed;

    /// <param name="ring">Where the ticks go.</param>
    /// <param name="clock">What they carry.</param>
    /// <param name="timeProvider">Makes the timer.</param>
    /// <param name="interval">The cadence.</param>
    /// <param name="failures">Counts what nobody else is told of.</param>
    public ClockTicker(
        EventRing ring, TickClock clock, TimeProvider timeProvider, TimeSpan interval, HostFailures failures)
    {
        _ring = ring;
        _clock = clock;
        _timeProvider = timeProvider;
        _interval = interval;
        _failures = failures;
    }

    /// <summary>
    /// Puts the clock in front of all else: called before the first source, and at the start. Any further call does
    /// nothing.
    /// </summary>
    /// <exception cref="ProcessorStoppedException">The processor was stopped.</exception>
    public void Begin()
    {
        // Inline the first claim finds a tick due.
        if (_ring is InlineEventRing || Volatile.Read(ref _isBegun) != 0
            || Interlocked.Exchange(ref _isBegun, 1) != 0)
        {
            return;
        }

        // Where publishers have filled the ring by now, its next tick says the same.
        TryTick();
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
        if (_ring is InlineEventRing inline)
        {
            inline.Tick();
            return;
        }

        _ring.PublishTick(_clock.Read());
    }

    /// <summary>Ends the timer, also one that is about to be made. Any thread; may be called again.</summary>
    public void Dispose()
    {
        // Before the exchange: pairs with the reads in StartTimer.
        Volatile.Write(ref _isDisposed, true);
        DisposeTimer();
    }

    private void TryTick()
    {
        var reading = _clock.Read();
        if (!_ring.TryPublishTick(reading))
            _clock.GiveBack(reading);
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
                TryTick();
            _clock.Tell();
        }
        catch (StreamProcessorException)
        {
            // The pipeline has failed: who awaits its completion is told.
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
