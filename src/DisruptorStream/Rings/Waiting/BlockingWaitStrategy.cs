namespace DisruptorStream.Rings.Waiting;

/// <summary>Parks at once.</summary>
internal sealed class BlockingWaitStrategy : WaitStrategy
{
    private readonly ParkingSpot _parkingSpot = new();

    public override bool MayBeAwaited => _parkingSpot.IsOccupied;

    public override bool Wait(IWaitCondition condition, int timeoutMilliseconds = Timeout.Infinite)
    {
        var deadline = Deadline.After(timeoutMilliseconds);
        while (!condition.IsMet)
        {
            if (deadline.HasPassed)
                return false;

            _parkingSpot.Park(condition, deadline.RemainingMilliseconds);
        }

        return true;
    }

    public override void Signal() => _parkingSpot.WakeAll();
}
