using System.Diagnostics;

namespace DisruptorStream.Rings.Waiting;

/// <summary>Spins for some microseconds where it may, then polls and yields for as long as it takes.</summary>
internal sealed class YieldingWaitStrategy : WaitStrategy
{
    private const int LongestPollPause = 4;
    private const int LongestBatchPause = 64;

    private static readonly long SpinTicks = Stopwatch.Frequency / 100_000;

    private readonly bool _maySpin;

    public YieldingWaitStrategy(bool maySpin) => _maySpin = maySpin;

    public override int LongestPause => _maySpin ? LongestBatchPause : 0;

    public override bool MayBeAwaited => false;

    public override bool Wait(IWaitCondition condition, int timeoutMilliseconds = Timeout.Infinite)
    {
        if (condition.IsMet)
            return true;

        var deadline = Deadline.After(timeoutMilliseconds);
        if (_maySpin && Polling.Spin(condition, LongestPollPause, deadline.WithinTicks(SpinTicks)))
            return true;

        return Polling.Yield(condition, deadline.Timestamp);
    }

    /// <summary>Nobody parks here: progress is seen by polling.</summary>
    public override void Signal()
    {
    }
}
