using DisruptorStream.Emission;

namespace DisruptorStream.Tests.Pipeline;

/// <summary>Shards that wait for room in the middle of a firing say no more than what is in the ring.</summary>
public sealed class StagedProgressTests
{
    // A ring of results has room for 4,096 rows: the last few come when it is full.
    private static readonly int[] KeysOfRounds = [4_110, 4_128, 4_160, 4_200, 8_210, 8_224, 8_256, 8_300, 12_320];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task FlushAsync_SlowSinkAndManySessionsDueAtOnce_CompletesAfterThemAllAndInOrder(int shards)
    {
        using var sink = new SlowSink();
        var options = Processors.Options(ExecutionMode.Staged) with { ShardCount = shards };
        await using var processor = StreamProcessorBuilder.ForKeys<int>()
            .SessionWindows(TimeSpan.FromTicks(10))
            .AllowedLateness(TimeSpan.Zero)
            .Aggregate(a => a.Count("count"))
            .WithOptions(options)
            .To(sink)
            .Build();
        processor.Start();
        using var publisher = processor.CreatePublisher("test");
        var time = 0L;
        var expected = 0;
        foreach (var keys in KeysOfRounds)
        {
            time += 1_000;
            expected += shards * keys;
            for (var key = 0; key < shards * keys; key++)
                publisher.Publish(key, time + (key / 100), 1);
            publisher.AdvanceWatermark(time + 900);
            await processor.FlushAsync(TestContext.Current.CancellationToken).AsTask()
                .WaitAsync(Processors.Patience, TestContext.Current.CancellationToken);

            Assert.Equal(expected, sink.Ends.Count);
        }

        Assert.Equal(sink.Ends.Order(), sink.Ends);
    }

    private sealed class SlowSink : IResultSink<int>, IDisposable
    {
        public List<long> Ends { get; } = [];

        public void OnResults(ResultBatch<int> batch)
        {
            Thread.Sleep(2);
            foreach (var result in batch)
                Ends.Add(result.Window.EndTicks);
        }

        public void Dispose()
        {
        }
    }
}
