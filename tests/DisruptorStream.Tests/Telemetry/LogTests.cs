using DisruptorStream.Emission;
using DisruptorStream.Tests.Emission.Delivery;
using Microsoft.Extensions.Time.Testing;

namespace DisruptorStream.Tests.Telemetry;

public sealed class LogTests
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddHours(1));
    private readonly LineLogger _logger = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Report_EventsDroppedAllTheTime_LogsTheCountOnceInTenSeconds()
    {
        await using var processor = Processors.Tumbling(10).Counting(ExecutionMode.Fused).WithTimeProvider(_time)
            .WithName("calls").WithLogger(_logger).To(new RecordingSink()).Build();
        processor.Start();
        for (var second = 0; second < 25; second++)
        {
            processor.Publish("a", 1000, 1);
            processor.Publish("a", 1, 1);
            await processor.FlushAsync(Token);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        await processor.StopAsync(StopMode.Drain, Token);
        Assert.Equal(
            [
                "6 Processor 'calls' has started.",
                "9 Processor 'calls': 1 events entered no window: 1 Late (too late for all their "
                    + "windows: AllowedLateness, MaxOutOfOrderness).",
                "9 Processor 'calls': 10 events entered no window: 10 Late (too late for all their "
                    + "windows: AllowedLateness, MaxOutOfOrderness).",
                "9 Processor 'calls': 10 events entered no window: 10 Late (too late for all their "
                    + "windows: AllowedLateness, MaxOutOfOrderness).",
                "11 Processor 'calls': in all, 25 of 50 events entered no window: 25 Late (too late for all their "
                    + "windows: AllowedLateness, MaxOutOfOrderness).",
                "7 Processor 'calls' has stopped.",
            ],
            _logger.Lines.Where(line => !line.StartsWith("17 ", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task DisposeAsync_WithoutAStop_WarnsOfWhatItDiscards(bool hasEvents)
    {
        var processor = Processors.Tumbling(10).Counting(ExecutionMode.Fused).WithTimeProvider(_time)
            .WithName("calls").WithLogger(_logger).To(new RecordingSink()).Build();
        for (var i = 0; hasEvents && i < 3; i++)
            processor.Publish("a", 1, 1);

        await processor.DisposeAsync();

        Assert.Equal(
            hasEvents
                ? ["13 Processor 'calls': 3 events were published and never handled, because of the abort; call "
                    + "StopAsync with Drain or Complete before DisposeAsync."]
                : [],
            _logger.Lines.Where(line => line.StartsWith("13 ", StringComparison.Ordinal)));
    }

    /// <summary>A run that is over before the first tick has lines too, and they name the real reasons.</summary>
    [Theory]
    [InlineData(ExecutionMode.Inline)]
    [InlineData(ExecutionMode.Fused)]
    [InlineData(ExecutionMode.Staged)]
    public async Task StopAsync_EventsDroppedBeforeAnyTick_AreToldByReason(ExecutionMode mode)
    {
        await using var processor = Processors.Tumbling(10)
            .Aggregate(a => a.Count("count"))
            .WithOptions(Processors.Options(mode) with { FutureSkewLimit = TimeSpan.FromMinutes(5) })
            .WithTimeProvider(_time).WithLogger(_logger)
            .To(new RecordingSink { FailuresToCome = 1 }, SinkFailurePolicy.Skip).Build();
        processor.Start();
        for (var i = 0; i < 1000; i++)
            processor.Publish("a", TimeSpan.FromDays(400).Ticks, 1);
        processor.Publish("a", 5, double.NaN);
        processor.Publish("a", 5, 1);
        await processor.StopAsync(StopMode.Complete, Token);

        Assert.Equal(
            [
                "6 Processor 'default' has started.",
                "5 Processor 'default': 1 calls of sinks failed; the newest failure is attached.",
                "11 Processor 'default': in all, 1001 of 1002 events entered no window: 1 NotFinite (a measure was NaN "
                    + "or infinite: NonFinite), 1000 FutureSkew (too far ahead of the clock: FutureSkewLimit).",
                "7 Processor 'default' has stopped.",
            ],
            _logger.Lines);
    }

    /// <summary>Without threads there is no timer: the ticks are those of the calls.</summary>
    [Theory]
    [InlineData("publish")]
    [InlineData("advance")]
    public async Task Report_Inline_LogsWhileItRunsAndTheLoggerMayPublish(string by)
    {
        StreamProcessor<string>? calls = null;
        _logger.Logged = () => calls!.Publish("log", 1000, 1);
        await using var processor = Processors.Tumbling(10).Counting(ExecutionMode.Inline).WithTimeProvider(_time)
            .WithLogger(_logger).To(new RecordingSink { FailuresToCome = 1 }, SinkFailurePolicy.Skip).Build();
        calls = processor;
        using var publisher = processor.CreatePublisher("p");
        publisher.Publish("a", 1, 1);
        publisher.AdvanceWatermark(1000);
        publisher.AdvanceWatermark(999);
        for (var i = 0; i < 100; i++)
            publisher.Publish("a", 1, 1);
        _time.Advance(TimeSpan.FromSeconds(1));
        for (var i = 0; i < 100; i++)
        {
            if (by == "advance")
                processor.Advance();
            else
                publisher.Publish("a", 1000, 1);
        }

        Assert.Equal(
            ["3", "5", "9"],
            _logger.Lines.Select(line => line.Split(' ')[0]).Order(StringComparer.Ordinal));
        Assert.Contains(
            "9 Processor 'default': 100 events entered no window",
            string.Join('\n', _logger.Lines),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ExecutionMode.Inline)]
    [InlineData(ExecutionMode.Fused)]
    [InlineData(ExecutionMode.Staged)]
    public async Task Report_SinksFailAndWatermarksGoBack_LogsEach(ExecutionMode mode)
    {
        await using var processor = Processors.Tumbling(10).Counting(mode).WithTimeProvider(_time)
            .WithLogger(_logger).To(new RecordingSink { FailuresToCome = 2 }, SinkFailurePolicy.Skip).Build();
        processor.Start();
        using var publisher = processor.CreatePublisher("p");
        publisher.Publish("a", 1, 1);
        publisher.AdvanceWatermark(15);
        publisher.AdvanceWatermark(14);
        publisher.AdvanceWatermark(13);
        await processor.FlushAsync(Token);
        _time.Advance(TimeSpan.FromSeconds(1));
        if (mode == ExecutionMode.Inline)
            processor.Advance();
        Assert.Contains(_logger.Lines, line => line.StartsWith("3 Processor 'default': 2 ", StringComparison.Ordinal));
        Assert.Contains(_logger.Lines, line => line.StartsWith("5 Processor 'default': 1 ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Tick_ClockThrows_IsLoggedOnceUntilItIsReadAgainAndTheProcessorGoesOn()
    {
        var time = new BreakableTime();
        await using var processor = Processors.Tumbling(10).Counting(ExecutionMode.Fused).WithTimeProvider(time)
            .WithLogger(_logger).To(new RecordingSink()).Build();
        processor.Start();
        foreach (var isBroken in new[] { false, true, true, true, false, true })
        {
            time.IsBroken = isBroken;
            time.Advance(TimeSpan.FromSeconds(1));
        }

        time.IsBroken = false;
        processor.Publish("a", 1, 1);
        await processor.StopAsync(StopMode.Complete, Token);

        Assert.Equal(2, _logger.Lines.Count(line => line.StartsWith("10 ", StringComparison.Ordinal)));
        Assert.Equal(1, processor.GetStats().EventsProcessed);
    }

    private sealed class BreakableTime : FakeTimeProvider
    {
        public bool IsBroken { get; set; }

        public override DateTimeOffset GetUtcNow() => IsBroken ? throw new TimeoutException() : base.GetUtcNow();
    }
}
