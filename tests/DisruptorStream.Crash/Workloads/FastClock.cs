namespace DisruptorStream.Crash.Workloads;

/// <summary>A clock on which a second is over in a few milliseconds, so that keys go while a short run lasts.</summary>
internal sealed class FastClock : TimeProvider
{
    private const int Speed = 200;

    public override long GetTimestamp() => base.GetTimestamp() * Speed;
}
