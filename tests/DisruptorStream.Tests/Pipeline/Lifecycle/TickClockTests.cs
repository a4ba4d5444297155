using DisruptorStream.Ingest;
using DisruptorStream.Pipeline.Lifecycle;
using DisruptorStream.Slots;
using DisruptorStream.Telemetry.Guards;
using Microsoft.Extensions.Time.Testing;

namespace DisruptorStream.Tests.Pipeline.Lifecycle;

public sealed class TickClockTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromTicks(100);

    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddTicks(5000));
    private readonly HostFailures _failures = new();

    [Fact]
    public void IsDue_ResultsDependOnTheClock_IsOnceAnIntervalHasPassedSinceTheLastTick()
    {
        var clock = NewClock(matters: true);
        Assert.True(clock.IsDue());
        Assert.Equal(new TickReading(TimeOfDayTicks: 5000, SteadyTicks: 5000), clock.Read());

        Assert.False(clock.IsDue());
        _time.Advance(Interval - TimeSpan.FromTicks(1));
        Assert.False(clock.IsDue());
        _time.Advance(TimeSpan.FromTicks(1));

        Assert.True(clock.IsDue());
        Assert.Equal(new TickReading(5100, 5100), clock.Read());
    }

    [Fact]
    public void IsDue_NothingGoesByTheClock_LooksAtOneCallInSixtyFour()
    {
        var clock = NewClock(matters: false);

        var looks = Enumerable.Range(0, 200).Where(_ => clock.IsDue());

        Assert.Equal([0, 64, 128, 192], looks);
    }

    [Fact]
    public void Tell_HostThrows_IsCountedAndNobodyHearsOfIt()
    {
        var told = 0;
        var clock = NewClock(matters: true, () => throw new TimeoutException($"{++told}"));

        clock.Tell();
        clock.Tell();

        Assert.Equal((2, 2), (told, _failures.Count));
    }

    private TickClock NewClock(bool matters, Action? onTick = null) =>
        new(new ProcessingClock(_time), Interval, matters, onTick ?? (() => { }), _failures);
}
