using DisruptorStream.Tests.Telemetry;

namespace DisruptorStream.Tests.Streams;

/// <summary>A sum over a stream's measurements counts nothing twice; a tag tells those of queries apart.</summary>
public sealed class StreamInstrumentTests
{
    [Fact]
    public async Task Instruments_StreamsOwn_AreReportedOnce()
    {
        using var reading = new MeterReading();
        await using var calls = CallStreams.New(reading);
        CallStreams.PublishAll(calls);
        reading.Collect();

        Assert.Equal([5], reading["events.published calls"]);
        Assert.Equal([5], reading["events.processed calls"]);
        Assert.Equal([1], reading["events.dropped calls future_skew"]);
        Assert.Empty(reading["events.dropped calls future_skew models"]);
        Assert.Equal([4], reading["keys.active calls"]);
        Assert.Single(reading["ring.capacity calls"]);
        Assert.Single(reading["source.watermark.timestamp calls events"]);
    }

    [Fact]
    public async Task Instruments_Queries_AreReportedByQuery()
    {
        using var reading = new MeterReading();
        await using var calls = CallStreams.New(reading);
        CallStreams.PublishAll(calls);
        reading.Collect();

        Assert.Equal([5, 2, 4], Of(reading, "query.processed calls"));
        Assert.Equal([0, 3, 1], Of(reading, "query.filtered calls"));
        Assert.Equal([1, 0, 1], Of(reading, "events.dropped calls late"));
        Assert.Equal([1, 1, 0], Of(reading, "events.dropped calls no_key"));
        Assert.Equal([1, 0, 1], Of(reading, "windows.fired calls"));
        Assert.Empty(reading["windows.fired calls"]);
        Assert.Empty(reading["results.emitted calls"]);
        Assert.Equal(
            calls.GetStats().StateBytes, Of(reading, "state.size calls").Sum());
    }

    private static double[] Of(MeterReading reading, string name) =>
    [
        .. ((string[])["models", "errors", "tenants"]).Select(query => reading[$"{name} {query}"].Single()),
    ];
}
