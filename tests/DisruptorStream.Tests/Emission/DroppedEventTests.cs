using DisruptorStream.Aggregation;
using DisruptorStream.Emission;

namespace DisruptorStream.Tests.Emission;

public sealed class DroppedEventTests
{
    [Fact]
    public async Task ToString_SeveralMeasures_ShowsAllByName()
    {
        var sink = new TextSink();
        await using var processor = StreamProcessorBuilder.ForKeys<string>()
            .Measure("latency").Measure("tokens", MeasureType.Int64)
            .TumblingWindows(TimeSpan.FromTicks(10))
            .Aggregate(a => a.Count("count"))
            .WithOptions(Processors.Options(ExecutionMode.Inline))
            .DroppedEventsTo(sink)
            .Build();
        using var publisher = processor.CreatePublisher("bits");
        publisher.PublishBits("a", 1000, [BitConverter.DoubleToInt64Bits(1.5), 7]);

        publisher.PublishBits("a", 1, [BitConverter.DoubleToInt64Bits(2.5), (1L << 53) + 1]);

        Assert.Matches(
            "^Late: key a at 1970-01-01T00:00:00.0000001Z, sequence [0-9]+, latency=2.5 tokens=9007199254740993$",
            Assert.Single(sink.Texts));
    }

    private sealed class TextSink : IDroppedEventSink<string>
    {
        public List<string> Texts { get; } = [];

        public void OnDropped(in DroppedEvent<string> dropped) => Texts.Add(dropped.ToString());
    }
}
