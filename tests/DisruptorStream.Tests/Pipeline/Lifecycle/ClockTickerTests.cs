using DisruptorStream.Events;
using DisruptorStream.Ingest;
using DisruptorStream.Pipeline.Lifecycle;
using DisruptorStream.Rings;
using DisruptorStream.Slots;
using DisruptorStream.Telemetry;
using DisruptorStream.Telemetry.Guards;
using DisruptorStream.Tests.Slots.Inline;
using Microsoft.Extensions.Time.Testing;

namespace DisruptorStream.Tests.Pipeline.Lifecycle;

public sealed class ClockTickerTests : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromTicks(100);

    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddTicks(5000));
    private readonly SlotRing _ring = new();
    private readonly HostFailures _failures = new();
    private readonly List<long> _told = [];
    private readonly ClockTicker _ticker;

    public ClockTickerTests() => _ticker = NewTicker(_ring.Events);

    [Fact]
    public void Begin_CalledTwice_PutsOneTickFirst()
    {
        _ticker.Begin();
        _ticker.Begin();

        Assert.Equal([(5000, 5000)], Ticks());
    }

    [Fact]
    public void StartTimer_TimePasses_TicksOnceAnIntervalAndTells()
    {
        _ticker.StartTimer();
        Assert.Empty(Ticks());

        _time.Advance(Interval);
        _time.Advance(Interval);

        Assert.Equal([(5100, 5100), (5200, 5200)], Ticks());
        Assert.Equal([0, 1], _told);
    }

    [Fact]
    public void Dispose_TimerRuns_TicksNoMore()
    {
        _ticker.StartTimer();
        _time.Advance(Interval);

        _ticker.Dispose();
        _ticker.Dispose();
        _time.Advance(Interval * 5);
        _ticker.StartTimer();
        _time.Advance(Interval * 5);

        Assert.Single(Ticks());
    }

    [Fact]
    public void Timer_RingIsFull_PassesOverAndTellsAllTheSame()
    {
        var consumer = new Sequence();
        _ring.Slots.Sequencer.AddGatingSequences(consumer);
        _ring.Events.Publish(_ring.Events.Claim(SlotRing.Capacity));
        _ticker.StartTimer();

        _time.Advance(Interval);
        Assert.Equal([SlotRing.Capacity - 1], _told);
        consumer.SetRelease(10);
        _time.Advance(Interval);

        Assert.Equal(SlotRing.Capacity, _ring.Slots.Sequencer.LastClaimed);
        Assert.Equal(0, _failures.Count);
    }

    [Fact]
    public void Timer_RingIsClosed_PublishesNothing()
    {
        _ticker.StartTimer();
        _ring.Events.Close();

        _time.Advance(Interval);

        Assert.Empty(Ticks());
        Assert.Single(_told);
    }

    /// <summary>On a thread of the timer's it would end the host.</summary>
    [Fact]
    public void Timer_HostsClockThrows_IsCountedAndTheNextTickComes()
    {
        var time = new Moody();
        using var ticker = NewTicker(_ring.Events, time);
        ticker.StartTimer();
        time.IsBroken = true;
        time.Advance(Interval);
        Assert.Equal(1, _failures.Count);

        time.IsBroken = false;
        time.Advance(Interval);

        Assert.Single(Ticks());
    }

    [Fact]
    public void Timer_PipelineHasFailed_IsNoFailureOfTheHost()
    {
        var fault = new RingFault(_ => new ProcessorStoppedException());
        var ring = new SlotRing(fault: fault);
        using var ticker = NewTicker(ring.Events);
        ticker.StartTimer();
        fault.TryStop();

        _time.Advance(Interval);

        Assert.Equal(0, _failures.Count);
    }

    [Fact]
    public void Tick_RingWithoutThreads_GoesThroughTheRing()
    {
        var inline = new InlineRing();
        using var ticker = NewTicker(inline.Events);

        ticker.Begin();
        Assert.Empty(inline.Log);
        ticker.Tick();

        Assert.Equal(["0: Tick", "told, free"], inline.Log);
    }

    [Fact]
    public void Tick_RingWithThreads_IsPublishedAtOnce()
    {
        _ticker.Tick();

        Assert.Equal([(5000, 5000)], Ticks());
    }

    public void Dispose() => _ticker.Dispose();

    private unsafe List<(long TimeOfDay, long Steady)> Ticks()
    {
        var ticks = new List<(long, long)>();
        for (var sequence = 0; sequence <= _ring.Slots.Sequencer.HighestPublished(0); sequence++)
        {
            var slot = *_ring.Slots.SlotAt(sequence);
            Assert.Equal(SlotKind.Tick, slot.Kind);
            ticks.Add((slot.TimestampTicks, slot.Measure));
        }

        return ticks;
    }

    private ClockTicker NewTicker(EventRing ring, FakeTimeProvider? time = null)
    {
        var host = time ?? _time;
        var clock = new TickClock(
            new ProcessingClock(host),
            new WaitMeter(host),
            Interval,
            matters: true,
            () => _told.Add(_ring.Slots.Sequencer.LastClaimed),
            _failures);
        return new ClockTicker(ring, clock, host, Interval, _failures);
    }

    private sealed class Moody : FakeTimeProvider
    {
        public bool IsBroken { get; set; }

        public override long GetTimestamp() => IsBroken ? throw new TimeoutException("clock") : base.GetTimestamp();
    }
}
