using DisruptorStream.Aggregation;
using DisruptorStream.Testing.Sinks;

namespace DisruptorStream.Tests.Ingest;

public sealed class KeyedPublisherTests
{
    /// <summary>What waits is a copy: the caller's text and measures may change meanwhile.</summary>
    [Fact]
    public async Task PublishAsync_RingIsFull_WaitsWithACopyOfTheEvent()
    {
        var token = TestContext.Current.CancellationToken;
        var collector = new CollectingSink<string>();
        await using var processor = StreamProcessorBuilder.ForKeys<string>()
            .Measure("first")
            .Measure("second", MeasureType.Int64)
            .TumblingWindows(TimeSpan.FromTicks(10))
            .Aggregate(a => a.Sum("one", "first").Sum("two", "second").Count("count"))
            .WithOptions(Processors.Options(ExecutionMode.Fused) with { RingCapacity = 64 })
            .To(collector)
            .Build();
        using var publisher = processor.CreatePublisher("waiting");
        using var handle = processor.GetKey("by handle");
        var filled = 0;
        while (filled < 100 && publisher.TryPublish("filler", 1, [0.0, 0.0]))
            filled++;
        Assert.InRange(filled, 1, 64);

        var time = DateTimeOffset.UnixEpoch.AddTicks(1);
        var (utf8, chars) = ("by utf-8"u8.ToArray(), "by chars".ToCharArray());
        var (measures, bits) = (new[] { 1.5, 2.0 }, new[] { BitConverter.DoubleToInt64Bits(1.5), 2L });
        var waits = new List<Task>
        {
            publisher.PublishAsync("by itself", 1, measures, token).AsTask(),
            publisher.PublishAsync(handle, time, measures, token).AsTask(),
            publisher.PublishBitsAsync(utf8, 1, bits, token).AsTask(),
            publisher.PublishBitsAsync(chars, time, bits, token).AsTask(),
        };
        Assert.All(waits, wait => Assert.False(wait.IsCompleted));
        Array.Clear(utf8);
        Array.Clear(chars);
        Array.Clear(measures);
        Array.Clear(bits);
        processor.Start();
        await Task.WhenAll(waits).WaitAsync(Processors.Patience, token);
        await processor.StopAsync(StopMode.Complete, token).WaitAsync(Processors.Patience, token);

        Assert.Equal(
            [
                "by chars [0, 10) OnTime 1.5 2 1",
                "by handle [0, 10) OnTime 1.5 2 1",
                "by itself [0, 10) OnTime 1.5 2 1",
                "by utf-8 [0, 10) OnTime 1.5 2 1",
                $"filler [0, 10) OnTime 0 0 {filled}",
            ],
            collector.Texts().Order(StringComparer.Ordinal));
    }
}
