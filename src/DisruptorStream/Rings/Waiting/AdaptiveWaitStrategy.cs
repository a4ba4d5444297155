using System.Diagnostics;

namespace DisruptorStream.Rings.Waiting;

/// <summary>Spins, then yields, then parks; how long it spins follows from how long the recent sleeps were.</summary>
/// <remarks>
/// A sleep shorter than the longest spin was not worth its wake-up, so the next spin is longer; after a long one it is
/// shorter, so a pipeline that hears of nothing but a regular tick costs next to nothing between them.
/// </remarks>
internal sealed class AdaptiveWaitStrategy : WaitStrategy
{
    private const int LongestPollPause = 4;
    private const int LongestBatchPause = 64;

    // A yield that takes this long gave the processor to somebody who needs it, for a whole slice of the scheduler's.
    // Who parks instead is woken out of turn, as one who has waited.
    private const int WaitsWithoutYield = 1000;

    private static readonly long CrowdedTicks = Stopwatch.Frequency / 5000;

    private static readonly long LongestSpinTicks = Stopwatch.Frequency / 1_000_000 * 40;
    private static readonly long ShortestSpinTicks = Stopwatch.Frequency / 1_000_000 * 5;

    private readonly ParkingSpot _parkingSpot = new();
    private readonly bool _maySpin;
    private long _spinTicks = LongestSpinTicks;
    private int _yieldsToAvoid;

    public AdaptiveWaitStrategy(bool maySpin) => _maySpin = maySpin;

    public override int LongestPause => _maySpin ? LongestBatchPause : 0;

    public override bool Gathers => !_maySpin;

    public override bool MayBeAwaited => _parkingSpot.IsOccupied;

    public override bool Wait(IWaitCondition condition, int timeoutMilliseconds = Timeout.Infinite)
    {
        if (condition.IsMet)
            return true;

        var deadline = Deadline.After(timeoutMilliseconds);
        while (!PollForAWhile(condition, deadline))
        {
            if (deadline.HasPassed)
                return condition.IsMet;

            var parkedAt = Stopwatch.GetTimestamp();
            _parkingSpot.Park(condition, deadline.RemainingMilliseconds);
            Learn(Stopwatch.GetTimestamp() - parkedAt);
            if (condition.IsMet)
                return true;
        }

        return true;
    }

    public override void Park(IWaitCondition condition, int timeoutMilliseconds) =>
        _parkingSpot.Park(condition, timeoutMilliseconds);

    public override void Signal() => _parkingSpot.WakeAll();

    private bool PollForAWhile(IWaitCondition condition, Deadline deadline)
    {
        var ticks = Volatile.Read(ref _spinTicks);
        if (_maySpin && Polling.Spin(condition, LongestPollPause, deadline.WithinTicks(ticks)))
            return true;

        // Pairs with the write below; waiters may overwrite each other's count: it is a hint.
        var avoided = Volatile.Read(ref _yieldsToAvoid);
        if (avoided > 0)
        {
            Volatile.Write(ref _yieldsToAvoid, avoided - 1);
            return condition.IsMet;
        }

        var begin = Stopwatch.GetTimestamp();
        var isMet = Polling.Yield(condition, deadline.WithinTicks(ticks >> 1));
        if (Stopwatch.GetTimestamp() - begin > CrowdedTicks)
            Volatile.Write(ref _yieldsToAvoid, WaitsWithoutYield);
        return isMet;
    }

    private void Learn(long parkedTicks)
    {
        // Pairs with the read in PollForAWhile. Waiters may overwrite each other's lesson: it is a hint.
        var ticks = Volatile.Read(ref _spinTicks);
        var learned = parkedTicks < LongestSpinTicks
            ? Math.Min(ticks << 1, LongestSpinTicks)
            : Math.Max(ticks >> 1, ShortestSpinTicks);
        Volatile.Write(ref _spinTicks, learned);
    }
}
