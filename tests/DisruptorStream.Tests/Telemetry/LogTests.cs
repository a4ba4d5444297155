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
                "9 Processor 'calls': 1 events entered no window, 1 of them because they came too late.",
                "9 Processor 'calls': 10 events entered no window, 10 of them because they came too late.",
                "9 Processor 'calls': 10 events entered no window, 10 of them because they came too late.",
                "7 Processor 'calls' has stopped.",
            ],
            _logger.Lines);
    }

    [Fact]
    public async Task Report_SinksFailAndWatermarksGoBack_LogsEach()
    {
        await using var processor = Processors.Tumbling(10).Counting(ExecutionMode.Fused).WithTimeProvider(_time)
            .WithLogger(_logger).To(new RecordingSink { FailuresToCome = 2 }, SinkFailurePolicy.Skip).Build();
        processor.Start();
        using var publisher = processor.CreatePublisher("p");
        publisher.Publish("a", 1, 1);
        publisher.Watermark(15);
        publisher.Watermark(14);
        publisher.Watermark(13);
        await processor.FlushAsync(Token);
        _time.Advance(TimeSpan.FromSeconds(1));
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
