namespace DisruptorStream.Cluster.Tests.Testing;

/// <summary>A clock that a test moves.</summary>
internal sealed class StepTime : TimeProvider
{
    private static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private long _ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Read(ref _ticks);

    public override DateTimeOffset GetUtcNow() => Start.AddTicks(GetTimestamp());

    public void Move(TimeSpan by) => Interlocked.Add(ref _ticks, by.Ticks);
}
