using DisruptorStream.Tests.Emission.Delivery;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace DisruptorStream.Tests.Telemetry;

public sealed class OpenTelemetryTests
{
    [Fact]
    public async Task InMemoryExporter_OfTheSdk_SeesEveryInstrument()
    {
        using var factory = new MeterReading();
        var exported = new List<MetricSnapshot>();
        using var provider = Sdk.CreateMeterProviderBuilder()
            .AddMeter("DisruptorStream")
            .AddInMemoryExporter(exported)
            .Build();
        await using var processor = Processors.Tumbling(10).Counting(ExecutionMode.Fused)
            .WithName("exported").WithMeterFactory(factory).To(new RecordingSink()).Build();
        processor.Start();
        for (var at = 0; at < 20; at++)
        {
            processor.Publish("a", at * 10, 1);
            await processor.FlushAsync(TestContext.Current.CancellationToken);
        }

        provider.ForceFlush();
        var own = exported
            .Where(metric => metric.MetricPoints.Any(IsOwn))
            .ToDictionary(metric => metric.Name, metric => metric.MetricPoints.First(IsOwn));
        Assert.Equal(
            factory.Instruments.Where(name => !IsOfDurable(name) && !IsOfReader(name)).Order(StringComparer.Ordinal),
            own.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(20, own["disruptorstream.events.published"].GetSumLong());
        Assert.Equal(19, own["disruptorstream.results.emitted"].GetSumLong());
        Assert.Equal(19, own["disruptorstream.result.latency"].GetHistogramCount());
        Assert.True(own["disruptorstream.batch.size"].GetHistogramCount() >= 1);
        Assert.Equal(1, own["disruptorstream.keys.active"].GetGaugeLastValueLong());
    }

    /// <summary>Only a processor with a journal has measurements of these.</summary>
    private static bool IsOfDurable(string name) => Array.Exists(
        ["journal", "shadow", "snapshot", "recovery"],
        part => name.StartsWith($"disruptorstream.{part}.", StringComparison.Ordinal));

    /// <summary>Only a processor that reads sources by itself has measurements of these.</summary>
    private static bool IsOfReader(string name) =>
        name.StartsWith("disruptorstream.source.", StringComparison.Ordinal)
        && !name.StartsWith("disruptorstream.source.watermark.", StringComparison.Ordinal);

    private static bool IsOwn(MetricPoint point)
    {
        foreach (var tag in point.Tags)
        {
            if (tag is { Key: "disruptorstream.processor", Value: "exported" })
                return true;
        }

        return false;
    }
}
