namespace DisruptorStream.Cluster.Tests.Testing;

/// <summary>The system's clock, twenty times as fast: so that waits of tests are short.</summary>
internal sealed class HurriedTime : TimeProvider
{
    private const int Times = 20;

    private readonly DateTimeOffset _start = System.GetUtcNow();
    private readonly long _startTimestamp = System.GetTimestamp();

    public override long TimestampFrequency => System.TimestampFrequency;

    public override long GetTimestamp() => _startTimestamp + ((System.GetTimestamp() - _startTimestamp) * Times);

    public override DateTimeOffset GetUtcNow() => _start + ((System.GetUtcNow() - _start) * Times);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        System.CreateTimer(callback, state, Hurried(dueTime), Hurried(period));

    private static TimeSpan Hurried(TimeSpan wait) => wait > TimeSpan.Zero ? wait / Times : wait;
}
