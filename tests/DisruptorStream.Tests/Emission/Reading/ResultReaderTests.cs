using CsCheck;
using DisruptorStream.Emission.Delivery;
using DisruptorStream.Emission.Reading;
using DisruptorStream.Testing.Sinks;

namespace DisruptorStream.Tests.Emission.Reading;

/// <summary>Several who read the same results, each at its own pace.</summary>
public sealed class ResultReaderTests
{
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(30);

    public static TheoryData<ExecutionMode> Modes => [ExecutionMode.Inline, ExecutionMode.Fused, ExecutionMode.Staged];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task Readers_Several_EachGetsAllResults(ExecutionMode mode)
    {
        await using var processor = Processors.Tumbling(1).Counting(mode).Build();
        using var first = processor.CreateResultReader();
        using var second = processor.CreateResultReader(new ResultReaderOptions { Name = "mine", Capacity = 7 });
        var both = new[] { ReadAsync(first), ReadAsync(second) };
        processor.Start();
        for (var time = 0; time < 500; time++)
            await PublishAsync(processor, time);
        await StopAsync(processor);

        var results = await Task.WhenAll(both).WaitAsync(Guard, Token);
        Assert.Equal(Enumerable.Range(0, 500).Select(time => (long)time), results[0]);
        Assert.Equal(results[0], results[1]);
        Assert.Equal(["reader-1", "mine"], processor.GetStats().ResultReaders.Select(reader => reader.Name));
        Assert.All(processor.GetStats().ResultReaders, reader => Assert.Equal((500, 0, 0), (
            reader.ResultsRead, reader.ResultsDropped, reader.ResultsBuffered)));
        Assert.Equal((500, 0), (processor.GetStats().ResultsEmitted, processor.GetStats().BufferedResults));
    }

    /// <summary>Whatever is written and read: the newest that fit are there, and the others are counted.</summary>
    [Fact]
    public void DropOldest_AnyWritesAndReads_KeepsTheNewest() =>
        Gen.Select(Gen.Int[1, 6], Gen.Int[-1, 9].Array[0, 60]).Sample((capacity, steps) =>
        {
            var stream = new ResultStream<string>(capacity) { DropsOldest = true, ReaderName = "r" };
            var (model, next, dropped, read) = (new Queue<long>(), 0L, 0L, 0L);
            foreach (var step in steps)
            {
                if (step < 0)
                {
                    var isThere = model.TryDequeue(out var expected);
                    Assert.Equal(isThere, stream.TryRead(out var result));
                    Assert.True(!isThere || result.Sequence == expected);
                    read += isThere ? 1 : 0;
                    continue;
                }

                Assert.Equal(step, stream.TryWrite(Rows.Owned(step, next), 0));
                for (var row = 0; row < step; row++)
                    model.Enqueue(next++);
                for (; model.Count > capacity; dropped++)
                    model.Dequeue();
            }

            var stats = stream.ReaderStats;
            Assert.Equal((model.Count, dropped, read, 0L), (
                stats.ResultsBuffered, stats.ResultsDropped, stats.ResultsRead, stream.BlockedCount));
        });

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task DropOldest_NeverRead_HoldsNobody(ExecutionMode mode)
    {
        await using var processor = Processors.Tumbling(1).Counting(mode).Build();
        using var reader = processor.CreateResultReader(
            new ResultReaderOptions { Capacity = 10, WhenFull = ResultReaderFullMode.DropOldest });
        processor.Start();
        for (var time = 0; time < 5000; time++)
            processor.Publish("a", time, 1);
        await processor.StopAsync(StopMode.Complete, Token);

        Assert.Equal((4990, 4990), (reader.Dropped, processor.GetStats().ReaderDroppedResults));
        Assert.Equal(5000, processor.GetStats().ResultsEmitted);
        Assert.True(reader.TryRead(out var oldest));
        Assert.Equal(4990, oldest.Window.StartTicks);
        Assert.Equal(9, reader.Count);
    }

    /// <summary>Without it nobody could tell who holds the publishers.</summary>
    [Theory]
    [MemberData(nameof(Modes))]
    public async Task Wait_NobodyReads_RefusesPublishersWithItsName(ExecutionMode mode)
    {
        await using var processor = Small(mode);
        using var reader = processor.CreateResultReader(new ResultReaderOptions { Name = "page", Capacity = 4 });
        processor.Start();
        var full = Assert.Throws<ResultBufferFullException>(() => PublishForever(processor));
        Assert.Contains("buffer of the result reader 'page' of 4 results is full and nobody reads it", full.Message);

        // It goes, and with it what held the others; the processor's own buffer is fed from here on.
        reader.Dispose();
        Assert.Equal(reader.Dropped, processor.GetStats().ReaderDroppedResults);
        Assert.True(reader.Dropped >= 4);
        processor.Publish("a", 2_000_000, 1);
        await processor.StopAsync(StopMode.Abort, Token);
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task Wait_StopWhileNobodyReads_SaysSoAndGoesOnAfterwards(ExecutionMode mode)
    {
        await using var processor = Small(mode);
        using var reader = processor.CreateResultReader(new ResultReaderOptions { Name = "page", Capacity = 4 });
        processor.Start();
        Assert.Throws<ResultBufferFullException>(() => PublishForever(processor));
        if (mode != ExecutionMode.Inline)
        {
            var full = await Assert.ThrowsAsync<ResultBufferFullException>(() => processor.StopAsync());
            Assert.Contains("the buffer of the result reader 'page'", full.Message);
        }

        var reading = ReadAsync(reader);
        await processor.StopAsync(StopMode.Complete, Token).WaitAsync(Guard, Token);
        var results = await reading.WaitAsync(Guard, Token);
        Assert.Equal(Enumerable.Range(0, results.Count).Select(time => (long)time), results);
        Assert.Equal(processor.GetStats().ResultsEmitted, results.Count);
    }

    /// <summary>Who takes from each in turn would wait for ever if one full reader kept the other hungry.</summary>
    [Fact]
    public async Task Wait_TwoAreReadInTurn_BothGoOn()
    {
        await using var processor = Processors.Tumbling(1).Counting(ExecutionMode.Fused).Build();
        using var first = processor.CreateResultReader(new ResultReaderOptions { Capacity = 1 });
        using var second = processor.CreateResultReader(new ResultReaderOptions { Capacity = 1 });
        processor.Start();
        var published = Task.Run(
            async () =>
            {
                for (var time = 0; time < 40; time++)
                    await PublishAsync(processor, time);
                await StopAsync(processor);
            },
            Token);

        await using var one = first.GetAsyncEnumerator(Token);
        await using var other = second.ReadAllAsync(Token).GetAsyncEnumerator(Token);
        for (var time = 0; time < 40; time++)
        {
            Assert.True(await one.MoveNextAsync().AsTask().WaitAsync(Guard, Token));
            Assert.True(await other.MoveNextAsync().AsTask().WaitAsync(Guard, Token));
            Assert.Equal((time, time), (one.Current.Window.StartTicks, other.Current.Window.StartTicks));
        }

        await published.WaitAsync(Guard, Token);
        Assert.False(await one.MoveNextAsync());
    }

    /// <summary>A reader beside sinks and the processor's own buffer, which is fed once somebody reads it.</summary>
    [Fact]
    public async Task Create_BesideSinksAndTheOwnStream_LeavesThemAsTheyAre()
    {
        var sink = new CollectingSink<string>();
        await using var processor = Processors.Tumbling(1).Counting(ExecutionMode.Inline).To(sink).Build();
        using var reader = processor.CreateResultReader();
        Assert.False(processor.TryReadResult(out _));
        for (var time = 0; time < 5; time++)
            processor.Publish("a", time, 1);

        Assert.Equal((4, 4, 4), (sink.Results.Count, reader.Count, processor.GetStats().BufferedResults));
        Assert.True(processor.TryReadResult(out _));
        Assert.Equal(4, reader.Count);
    }

    [Fact]
    public async Task Create_NameInUseOrWrongOptions_IsRefused()
    {
        await using var processor = Processors.Tumbling(1).Counting(ExecutionMode.Inline).Build();
        using var reader = processor.CreateResultReader(new ResultReaderOptions { Name = "reader-1" });
        var refused = Assert.Throws<ArgumentException>(() => processor.CreateResultReader(new() { Name = "reader-1" }));
        Assert.Contains("There is a result reader 'reader-1' already", refused.Message);
        using var other = processor.CreateResultReader();
        Assert.Equal("reader-2", other.Name);
        Assert.Throws<ArgumentException>(() => new ResultReaderOptions { Name = " " });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ResultReaderOptions { Capacity = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(
            () => new ResultReaderOptions { WhenFull = (ResultReaderFullMode)9 });

        reader.Dispose();
        using var again = processor.CreateResultReader(new ResultReaderOptions { Name = "reader-1" });
        Assert.Equal(["reader-2", "reader-1"], processor.GetStats().ResultReaders.Select(one => one.Name));
    }

    [Fact]
    public async Task Dispose_DuringAnEnumeration_EndsItAndRefusesFurtherReads()
    {
        await using var processor = Processors.Tumbling(1).Counting(ExecutionMode.Inline).Build();
        var reader = processor.CreateResultReader();
        await using var results = reader.GetAsyncEnumerator(Token);
        var waiting = results.MoveNextAsync();
        Assert.False(waiting.IsCompleted);
        Assert.Throws<InvalidOperationException>(() => reader.TryRead(out _));

        reader.Dispose();
        reader.Dispose();

        Assert.False(await waiting.AsTask().WaitAsync(Guard, Token));
        Assert.Throws<ObjectDisposedException>(() => reader.TryRead(out _));
        Assert.Throws<ObjectDisposedException>(() => reader.ReadAllAsync(Token));
    }

    [Fact]
    public async Task ToString_OfStatistics_ShowsReaders()
    {
        await using var processor = Processors.Tumbling(1).Counting(ExecutionMode.Inline).Build();
        using var reader = processor.CreateResultReader();
        processor.Publish("a", 0, 1);
        processor.Publish("a", 1, 1);

        Assert.Contains("reader-1: 0 read, 1 of 1,000 wait, 0 dropped", processor.GetStats().ToString());
    }

    private static StreamProcessor<string> Small(ExecutionMode mode) => Processors.Tumbling(1)
        .Aggregate(a => a.Count("count"))
        .WithOptions(Processors.Options(mode) with { RingCapacity = 64, ResultBufferSize = 1 << 16 })
        .Build();

    private static void PublishForever(StreamProcessor<string> processor)
    {
        for (var time = 0; time < 1_000_000; time++)
            processor.Publish("a", time, 1);
    }

    /// <summary>Inline a full reader refuses the event; it is read on another thread.</summary>
    private static async Task PublishAsync(StreamProcessor<string> processor, long time)
    {
        while (true)
        {
            try
            {
                await processor.PublishAsync("a", time, 1, Token);
                return;
            }
            catch (ResultBufferFullException)
            {
                await Task.Yield();
            }
        }
    }

    private static async Task StopAsync(StreamProcessor<string> processor)
    {
        while (true)
        {
            try
            {
                await processor.StopAsync(StopMode.Complete, Token);
                return;
            }
            catch (ResultBufferFullException)
            {
                await Task.Yield();
            }
        }
    }

    private static async Task<List<long>> ReadAsync(ResultReader<string> reader)
    {
        await Task.Yield();
        var starts = new List<long>();
        await foreach (var result in reader.WithCancellation(Token))
            starts.Add(result.Window.StartTicks);
        return starts;
    }
}
