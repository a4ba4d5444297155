namespace DisruptorStream.Rings.Waiting;

/// <summary>Polls without ever giving the processor away.</summary>
internal sealed class BusySpinWaitStrategy : WaitStrategy
{
    private const int LongestPollPause = 1;

    public override int LongestPause => 16;

    public override bool MayBeAwaited => false;

    public override bool Wait(IWaitCondition condition, int timeoutMilliseconds = Timeout.Infinite)
    {
        if (condition.IsMet)
            return true;

        var deadline = Deadline.After(timeoutMilliseconds);
        return Polling.Spin(condition, LongestPollPause, deadline.Timestamp);
    }

    /// <summary>Nobody parks here: progress is seen by polling.</summary>
    public override void Signal()
    {
    }
}
