using DisruptorStream.Ingest;
using DisruptorStream.Testing.Sinks;

namespace DisruptorStream.Tests.Ingest;

/// <summary>Durations go by time stamps: a time of day that jumps ahead and back changes none of them.</summary>
public sealed class ProcessingClockTests
{
    private static readonly TimeSpan Year = TimeSpan.FromDays(365);

    private readonly JumpingClock _clock = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(10_000_000)]
    [InlineData(1_000_000_000)]
    [InlineData(3_579_545)]
    public void ReadSteady_TimeOfDayJumps_GoesOnFromWhereItBegan(long frequency)
    {
        _clock.Frequency = frequency;
        var clock = new ProcessingClock(_clock);
        var begin = clock.Read();
        Assert.Equal(begin, clock.ReadSteady());

        _clock.Jump(Year);
        _clock.Pass(TimeSpan.FromSeconds(2));

        Assert.Equal(begin + TimeSpan.FromSeconds(2).Ticks, clock.ReadSteady(), 10.0);
        Assert.Equal(begin + TimeSpan.FromSeconds(2).Ticks + Year.Ticks, clock.Read());
        Assert.Equal(clock.Read(), clock.RecentTicks);
    }

    [Fact]
    public async Task IdleTimeout_ClockJumpsAheadAndBack_IsAsLongAsItWas()
    {
        await using var processor = Processors.Tumbling(10)
            .Watermarks(new() { IdleTimeout = TimeSpan.FromSeconds(5) })
            .Counting(ExecutionMode.Inline).WithTimeProvider(_clock).To(new CollectingSink<string>()).Build();
        using var busy = processor.CreatePublisher("busy");
        using var quiet = processor.CreatePublisher("quiet");
        busy.Publish("a", 100, 1);
        JumpAheadAndBack(processor);
        Assert.Null(processor.GetStats().WatermarkTicks);

        PassSeconds(processor, 4);
        busy.Publish("a", 101, 1);
        Assert.Null(processor.GetStats().WatermarkTicks);
        PassSeconds(processor, 1);

        Assert.Equal(101, processor.GetStats().WatermarkTicks);
        await processor.StopAsync(StopMode.Complete, Token);
    }

    [Fact]
    public async Task EarlyDelay_ClockJumpsAheadAndBack_IsAsLongAsItWas()
    {
        var collector = new CollectingSink<string>();
        await using var processor = Processors.Tumbling(10).Early(delay: TimeSpan.FromSeconds(5))
            .Counting(ExecutionMode.Inline).WithTimeProvider(_clock).To(collector).Build();
        processor.Publish("a", 1, 1);
        JumpAheadAndBack(processor);
        Assert.Empty(collector.Texts());

        processor.Publish("b", 1, 1);
        PassSeconds(processor, 4);
        Assert.Empty(collector.Texts());
        PassSeconds(processor, 1);

        Assert.Equal(["a [0, 10) Early 1", "b [0, 10) Early 1"], collector.Texts());
        await processor.StopAsync(StopMode.Abort, Token);
    }

    [Fact]
    public async Task WindowRetention_ClockJumpsAheadAndBack_IsAsLongAsItWas()
    {
        await using var processor = Processors.Tumbling(10)
            .Aggregate(a => a.Count("count"))
            .WithOptions(Processors.Options(ExecutionMode.Inline) with { WindowRetention = TimeSpan.FromSeconds(8) })
            .WithTimeProvider(_clock).To(new CollectingSink<string>()).Build();
        processor.Publish("a", 1, 1);
        processor.Publish("b", 11, 1);
        JumpAheadAndBack(processor);
        Assert.Equal(2, processor.GetStats().Keys);

        PassSeconds(processor, 20);

        Assert.Equal(1, processor.GetStats().Keys);
        await processor.StopAsync(StopMode.Abort, Token);
    }

    [Fact]
    public async Task ProcessingTime_ClockJumpsAhead_EndsTheWindowOnTimeAndNotEarly()
    {
        var collector = new CollectingSink<string>();
        await using var processor = Processors.Tumbling(TimeSpan.TicksPerMinute).InProcessingTime()
            .Early(delay: TimeSpan.FromSeconds(5))
            .Counting(ExecutionMode.Inline).WithTimeProvider(_clock).To(collector).Build();
        processor.Publish("a", 0, 1);
        _clock.Jump(TimeSpan.FromMinutes(10));
        PassSeconds(processor, 6);

        var line = Assert.Single(collector.Texts());
        Assert.Contains("OnTime", line, StringComparison.Ordinal);
        await processor.StopAsync(StopMode.Abort, Token);
    }

    private void JumpAheadAndBack(StreamProcessor<string> processor)
    {
        _clock.Jump(Year);
        processor.Advance();
        _clock.Jump(-Year);
        processor.Advance();
    }

    private void PassSeconds(StreamProcessor<string> processor, int seconds)
    {
        for (var second = 0; second < seconds; second++)
        {
            _clock.Pass(TimeSpan.FromSeconds(1));
            processor.Advance();
        }
    }

    /// <summary>Time passes, and the time of day is corrected apart from it. Its timers never fire.</summary>
    private sealed class JumpingClock : TimeProvider
    {
        private DateTimeOffset _timeOfDay = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        private TimeSpan _passed;

        public long Frequency { get; set; } = TimeSpan.TicksPerSecond;

        public override long TimestampFrequency => Frequency;

        public void Pass(TimeSpan time)
        {
            _passed += time;
            _timeOfDay += time;
        }

        public void Jump(TimeSpan by) => _timeOfDay += by;

        public override DateTimeOffset GetUtcNow() => _timeOfDay;

        public override long GetTimestamp() => (long)(_passed.TotalSeconds * Frequency);

        public override ITimer CreateTimer(
            TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }
}
