using DisruptorStream.Messages;

namespace DisruptorStream.Telemetry.Guards;

/// <summary>The host's clock as the engine reads it: while it throws, its last reading counts.</summary>
/// <remarks>
/// Any thread. Only what makes a timer may throw: without one a processor must not start. The last reading is kept
/// within a millisecond, so that threads that read the clock do not all write to the same line.
/// </remarks>
internal sealed class GuardedClock : TimeProvider
{
    private readonly TimeProvider _clock;
    private readonly HostFailures _failures;
    private readonly long _frequency;
    private readonly long _millisecond;
    private long _lastTicks;
    private long _lastTimestamp;
    private bool _isTimeFailing;
    private bool _isTimestampFailing;
    private Exception? _unreported;

    /// <summary>Reads the clock for the first time.</summary>
    /// <exception cref="Exception">What the clock threw: there is no reading yet that could stand in.</exception>
    public GuardedClock(TimeProvider clock, HostFailures failures)
    {
        _clock = clock;
        _failures = failures;
        _frequency = clock.TimestampFrequency;
        _millisecond = Math.Max(1, _frequency / 1000);
        _lastTicks = clock.GetUtcNow().UtcTicks;
        _lastTimestamp = clock.GetTimestamp();
    }

    public override long TimestampFrequency => _frequency;

    /// <summary>What the clock threw, once until it can be read again; null for nothing new.</summary>
    // Pairs with the exchange in Note.
    public Exception? TakeFailure() =>
        Volatile.Read(ref _unreported) is null ? null : Interlocked.Exchange(ref _unreported, null);

    public override DateTimeOffset GetUtcNow()
    {
        try
        {
            var now = _clock.GetUtcNow();
            Keep(ref _lastTicks, now.UtcTicks, TimeSpan.TicksPerMillisecond, ref _isTimeFailing);
            return now;
        }
        catch (Exception exception)
        {
            Note(exception, ref _isTimeFailing);
            return new DateTimeOffset(Volatile.Read(ref _lastTicks), TimeSpan.Zero);
        }
    }

    public override long GetTimestamp()
    {
        try
        {
            var now = _clock.GetTimestamp();
            Keep(ref _lastTimestamp, now, _millisecond, ref _isTimestampFailing);
            return now;
        }
        catch (Exception exception)
        {
            Note(exception, ref _isTimestampFailing);
            return Volatile.Read(ref _lastTimestamp);
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new GuardedTimer(
            _clock.CreateTimer(callback, state, dueTime, period) ?? throw new InvalidOperationException(
                $"The clock {TypeText.Of(_clock.GetType())} returned null from CreateTimer; return a timer."),
            _failures);

    private static void Keep(ref long last, long now, long tolerance, ref bool isFailing)
    {
        // Pairs with the reads where the clock throws.
        if ((ulong)(now - Volatile.Read(ref last)) >= (ulong)tolerance)
            Volatile.Write(ref last, now);
        if (Volatile.Read(ref isFailing))
            Volatile.Write(ref isFailing, false);
    }

    private void Note(Exception exception, ref bool isFailing)
    {
        _failures.Note();
        if (!Interlocked.Exchange(ref isFailing, true))
            Interlocked.Exchange(ref _unreported, exception);
    }
}
