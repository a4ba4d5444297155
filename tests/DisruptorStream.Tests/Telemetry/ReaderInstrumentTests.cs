using DisruptorStream.Sources;
using DisruptorStream.Tests.Sources;

namespace DisruptorStream.Tests.Telemetry;

/// <summary>The figures of sources that a processor reads by itself.</summary>
public sealed class ReaderInstrumentTests
{
    /// <summary>What the processor reads by itself has figures of its own, by the name of the source.</summary>
    [Fact]
    public async Task Instruments_ASourceThatItReads_TellHowItGoes()
    {
        using var reading = new MeterReading();
        var source = new ListSource(
            [.. Enumerable.Range(0, 6).Select(at => new Reading(at, at == 2 ? "bad" : "a", 1))]);
        var failures = 0;
        source.OnRead = next =>
        {
            if (next == 4 && failures++ < 3)
                throw new IOException("The wire is cut.");
        };
        await using var processor = StreamProcessorBuilder.For<Reading>()
            .KeyBy(one => one.Key == "bad" ? throw new FormatException("No key.") : one.Key)
            .EventTime(one => one.Ticks)
            .TumblingWindows(TimeSpan.FromTicks(10))
            .Aggregate(a => a.Count("count"))
            .WithOptions(Processors.Options(ExecutionMode.Fused))
            .WithMeterFactory(reading)
            .ReadFrom("few", (ISeekableSource<Reading>)source, new SourceOptions
            {
                BatchEvents = 4,
                OnBadRecord = BadRecordPolicy.Skip,
                RetryDelay = TimeSpan.FromMilliseconds(1),
            })
            .Build();
        reading.Collect();
        Assert.Equal([0, 0], Of(reading, "source.events.published default few", "source.failing default few"));
        Assert.Empty(reading["source.lag default few"]);
        processor.Start();
        await Processors.UntilAsync(() => processor.GetStats().Readers[0] is { Lag: 0, ConsecutiveFailures: 0 });
        reading.Collect();

        Assert.Equal([5, 0, 1, 3, 0, 0], Of(
            reading,
            "source.events.published default few",
            "source.events.acknowledged default few",
            "source.records.rejected default few",
            "source.restarts default few",
            "source.failing default few",
            "source.lag default few"));
        await processor.StopAsync(StopMode.Drain, TestContext.Current.CancellationToken);
    }

    private static double[] Of(MeterReading reading, params string[] names) =>
        [.. names.Select(name => reading[name].Single())];
}
