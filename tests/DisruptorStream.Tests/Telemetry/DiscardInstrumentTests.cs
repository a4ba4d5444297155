using System.Diagnostics.Metrics;
using DisruptorStream.Tests.Emission.Delivery;
using DisruptorStream.Windows;

namespace DisruptorStream.Tests.Telemetry;

/// <summary>What an end leaves undelivered is counted, results and retractions apart.</summary>
public sealed class DiscardInstrumentTests
{
    private static readonly string[] Names =
    [
        "results.emitted default", "results.discarded default", "results.retracted default",
        "results.retracted.discarded default",
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(ExecutionMode.Fused)]
    [InlineData(ExecutionMode.Staged)]
    public async Task Discarded_AbortedOverAFullBuffer_IsWhatNobodyGot(ExecutionMode mode)
    {
        using var reading = new MeterReading();
        await using var processor = Processors.Tumbling(10).Early(count: 1).Accumulation(AccumulationMode.Retracting)
            .Aggregate(a => a.Count("count"))
            .WithOptions(Processors.Options(mode) with { ResultBufferSize = 2 })
            .WithMeterFactory(reading)
            .Build();
        processor.Start();

        // Five panes, each but the first with the retraction of the one before it: the first two rows fit.
        using (var publisher = processor.CreatePublisher("p"))
        using (var claim = publisher.Claim(5))
        {
            for (var time = 1; time <= 5; time++)
                claim.Add("a", time, 1);
            claim.Publish();
        }

        Assert.True(SpinWait.SpinUntil(() => processor.GetStats().ResultBufferBlocks == 1, Processors.Patience));
        reading.Collect();
        Assert.Equal((0, 0), (Of(reading)[1], Of(reading)[3]));
        await processor.StopAsync(StopMode.Abort, Token).WaitAsync(Processors.Patience, Token);

        // The thread that waited for room counts what it gives up.
        Assert.True(SpinWait.SpinUntil(() => processor.GetStats().ResultsDiscarded == 4, Processors.Patience));
        reading.Collect();

        var stats = processor.GetStats();
        Assert.Equal(
            [stats.ResultsEmitted, stats.ResultsDiscarded, stats.Retractions, stats.RetractionsDiscarded],
            Of(reading).Select(value => (long)value));
        Assert.Equal((1, 4), (stats.ResultsEmitted, stats.ResultsDiscarded));
        Assert.Equal((1, 3), (stats.Retractions, stats.RetractionsDiscarded));
        Assert.Contains("3 retractions, which reached nobody", stats.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ExecutionMode.Inline)]
    [InlineData(ExecutionMode.Fused)]
    [InlineData(ExecutionMode.Staged)]
    public async Task Discarded_EverythingWasDelivered_IsZero(ExecutionMode mode)
    {
        using var reading = new MeterReading();
        await using var processor = Processors.Tumbling(10).Early(count: 1).Accumulation(AccumulationMode.Retracting)
            .Counting(mode).WithMeterFactory(reading).To(new RecordingSink()).Build();
        processor.Start();
        for (var time = 1; time <= 3; time++)
            processor.Publish("a", time, 1);
        await processor.StopAsync(StopMode.Complete, Token).WaitAsync(Processors.Patience, Token);
        reading.Collect();

        Assert.Equal([4, 0, 3, 0], Of(reading));
    }

    [Fact]
    public void Build_MeterFactoryReturnsNull_NamesIt()
    {
        var step = Processors.Tumbling(10).Counting(ExecutionMode.Inline).WithMeterFactory(new NoMeters());

        Assert.StartsWith(
            "The meter factory DiscardInstrumentTests.NoMeters returned null; it must return one.",
            Assert.Throws<ArgumentException>(step.Build).Message,
            StringComparison.Ordinal);
    }

    private static double[] Of(MeterReading reading) => [.. Names.Select(name => reading[name].Single())];

    private sealed class NoMeters : IMeterFactory
    {
        public Meter Create(MeterOptions options) => null!;

        public void Dispose()
        {
        }
    }
}
