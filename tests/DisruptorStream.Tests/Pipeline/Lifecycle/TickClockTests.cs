using DisruptorStream.Ingest;
using DisruptorStream.Pipeline.Lifecycle;
using DisruptorStream.Slots;
using DisruptorStream.Telemetry;
using DisruptorStream.Telemetry.Guards;
using Microsoft.Extensions.Time.Testing;

namespace DisruptorStream.Tests.Pipeline.Lifecycle;

public sealed class TickClockTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromTicks(100);

    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddTicks(5000));
    private readonly HostFailures _failures = new();
    private readonly WaitMeter _waits;

    public TickClockTests() => _waits = new WaitMeter(_time);

    [Fact]
    public void IsDue_ResultsDependOnTheClock_IsOnceAnIntervalHasPassedSinceTheLastTick()
    {
        var clock = NewClock(matters: true);
        Assert.True(clock.IsDue());
        Assert.Equal(new TickReading(TimeOfDayTicks: 5000, SteadyTicks: 5000, QuietStepTicks: 0), clock.Read());

        Assert.False(clock.IsDue());
        _time.Advance(Interval - TimeSpan.FromTicks(1));
        Assert.False(clock.IsDue());
        _time.Advance(TimeSpan.FromTicks(1));

        Assert.True(clock.IsDue());
        Assert.Equal(new TickReading(5100, 5100, 100), clock.Read());
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

    [Fact]
    public void Read_LongAfterTheTickBefore_TakesTheQuietClockTwoIntervalsOn()
    {
        var clock = NewClock(matters: true);
        _time.Advance(TimeSpan.FromTicks(199));
        Assert.Equal(199, clock.Read().QuietStepTicks);

        _time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(200, clock.Read().QuietStepTicks);
        Assert.Equal(0, clock.Read().QuietStepTicks);
    }

    [Fact]
    public void Read_PublishersWaitedForRoom_TheQuietClockStandsStillMeanwhile()
    {
        var clock = NewClock(matters: true);
        _time.Advance(TimeSpan.FromTicks(10));
        var first = _waits.Begin();
        _time.Advance(TimeSpan.FromTicks(20));
        var second = _waits.Begin();
        _time.Advance(TimeSpan.FromTicks(5));
        Assert.Equal(10, clock.Read().QuietStepTicks);

        _time.Advance(TimeSpan.FromTicks(40));
        Assert.Equal(0, clock.Read().QuietStepTicks);
        _waits.End(first);
        _time.Advance(TimeSpan.FromTicks(1));
        _waits.End(second);
        _time.Advance(TimeSpan.FromTicks(7));

        Assert.Equal(7, clock.Read().QuietStepTicks);
    }

    [Fact]
    public void GiveBack_TickWasNotPublished_TheNextOneHasItsStepToo()
    {
        var clock = NewClock(matters: true);
        _time.Advance(TimeSpan.FromTicks(60));
        clock.GiveBack(clock.Read());
        _time.Advance(TimeSpan.FromTicks(50));
        var both = clock.Read();
        clock.GiveBack(both);
        _time.Advance(TimeSpan.FromTicks(150));

        Assert.Equal(110, both.QuietStepTicks);
        Assert.Equal(200, clock.Read().QuietStepTicks);
    }

    private TickClock NewClock(bool matters, Action? onTick = null) =>
        new(new ProcessingClock(_time), _waits, Interval, matters, onTick ?? (() => { }), _failures);
}
