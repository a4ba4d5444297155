namespace DisruptorStream.Tests.Slots;

/// <summary>A clock of the host's that fails whenever it is read.</summary>
internal sealed class BrokenClock : TimeProvider
{
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => throw new TimeZoneNotFoundException("broken");

    public override DateTimeOffset GetUtcNow() => throw new TimeZoneNotFoundException("broken");
}
