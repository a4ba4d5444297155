using DisruptorStream.Emission;
using DisruptorStream.Emission.Delivery;
using DisruptorStream.Emission.Merging;
using DisruptorStream.Emission.Reading;
using DisruptorStream.Events;
using DisruptorStream.Windows;

namespace DisruptorStream.Tests.Emission.Delivery;

public sealed class ResultDispatcherTests
{
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(30);

    [Fact]
    public void Add_BatchFull_DeliversWithoutFlush()
    {
        var sink = new RecordingSink();
        var dispatcher = Dispatchers.Create(capacity: 3, sinks: [(sink, SinkFailurePolicy.Stop)]);
        Dispatchers.Add(dispatcher, 1, 2, 3, 4);
        Assert.Equal(["1,2,3"], sink.Batches);
        dispatcher.Flush();
        dispatcher.Flush();
        Assert.Equal(["1,2,3", "4"], sink.Batches);
        Assert.Equal(4, dispatcher.Figures.ResultsEmitted);
    }

    [Fact]
    public void Add_RetractionsAndFailures_AreCountedAndLookedUp()
    {
        var sink = new RecordingSink();
        var dispatcher = Dispatchers.Create(sinks: [(sink, SinkFailurePolicy.Stop)]);
        dispatcher.Add(Rows.Pane(1, timing: PaneTiming.Retract), Rows.Values(1, 1));
        dispatcher.Add(Rows.Pane(1, key: 5, pane: 1, failure: 8), Rows.Values(1, 1));
        dispatcher.Flush();
        Assert.Equal((1, 1), (dispatcher.Figures.ResultsEmitted, dispatcher.Figures.Retractions));
        Assert.Equal(["failure 8 of key 5"], sink.Failures);
        Assert.Equal(["key0", "key5"], sink.Keys);
    }

    [Fact]
    public void Add_DroppedBetweenResults_KeepsTheOrderOfBothKinds()
    {
        var log = new List<string>();
        var dispatcher = Dispatchers.Create(
            sinks: [(new RecordingSink(log), SinkFailurePolicy.Stop)], dropped: [(
                new DroppedSink(log), SinkFailurePolicy.Stop)]);
        Dispatchers.Add(dispatcher, 1, 2);
        dispatcher.Add(Rows.Dropped(3, key: 4), [BitConverter.DoubleToInt64Bits(1.5), 77]);
        Dispatchers.Add(dispatcher, 3);
        dispatcher.Add(Rows.Dropped(4, key: -1, DropReason.KeyLimit), [0, 0]);
        dispatcher.Flush();
        Assert.Equal(["1,2", "dropped 3 key4 Late 1.5", "3", "dropped 4 (none) KeyLimit 0"], log);
        Assert.Equal(2, dispatcher.Figures.DroppedRouted);
    }

    [Fact]
    public void Add_DroppedWithoutSink_DoesNotCutTheBatch()
    {
        var sink = new RecordingSink();
        var dispatcher = Dispatchers.Create(sinks: [(sink, SinkFailurePolicy.Stop)]);
        Dispatchers.Add(dispatcher, 1);
        dispatcher.Add(Rows.Dropped(2), [0]);
        Dispatchers.Add(dispatcher, 2);
        dispatcher.Flush();
        Assert.Equal(["1,2"], sink.Batches);
        Assert.Equal(0, dispatcher.Figures.DroppedRouted);
    }

    [Fact]
    public void Flush_SinkKeepsAView_FindsItStaleAfterwards()
    {
        var sink = new RecordingSink();
        var dispatcher = Dispatchers.Create(sinks: [(sink, SinkFailurePolicy.Stop)]);
        Dispatchers.Add(dispatcher, 1);
        dispatcher.Flush();
        Assert.Throws<InvalidOperationException>(() => sink.LastView.Key);
    }

    [Fact]
    public async Task Flush_StreamWithSinks_IsFedOnlyOnceAReaderCame()
    {
        var stream = new ResultStream<string>(10);
        var dispatcher = Dispatchers.Create(sinks: [(new RecordingSink(), SinkFailurePolicy.Stop)], stream: stream);
        Dispatchers.Add(dispatcher, 1);
        dispatcher.Flush();
        Assert.Equal(0, stream.Count);

        var token = TestContext.Current.CancellationToken;
        await using var reader = stream.ReadAllAsync(token).GetAsyncEnumerator(token);
        var next = reader.MoveNextAsync().AsTask();
        Dispatchers.Add(dispatcher, 2);
        dispatcher.Flush();
        Assert.True(await next.WaitAsync(Guard, token));
        Assert.Equal(2, reader.Current.Sequence);
    }

    [Fact]
    public void Flush_StreamWithoutSinks_IsFedWithOwnedResults()
    {
        var stream = new ResultStream<string>(10);
        var dispatcher = Dispatchers.Create(stream: stream);
        Dispatchers.Add(dispatcher, 1);
        dispatcher.Flush();
        Dispatchers.Add(dispatcher, 2);
        dispatcher.Flush();
        Assert.True(stream.TryRead(out var result));
        Assert.Equal((1, "key0"), (result.Sequence, result.Key));
    }

    [Fact]
    public async Task Flush_StreamFull_WaitsAndShowsThatNoOneReads()
    {
        var stream = new ResultStream<string>(2);
        var dispatcher = Dispatchers.Create(stream: stream);
        Dispatchers.Add(dispatcher, 1, 2, 3, 4, 5);
        var token = TestContext.Current.CancellationToken;
        var flushing = Task.Run(dispatcher.Flush, token);
        using var guard = new CancellationTokenSource(Guard);
        while (stream is not { IsBlocked: true, IsReaderAttached: false })
        {
            guard.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        var read = new List<long>();
        await foreach (var result in stream.ReadAllAsync(guard.Token))
        {
            Assert.False(stream is { IsBlocked: true, IsReaderAttached: false });
            read.Add(result.Sequence);
            if (read.Count == 5)
                break;
        }

        await flushing.WaitAsync(Guard, token);
        Assert.Equal([1, 2, 3, 4, 5], read);
        Assert.True(stream.BlockedCount > 0);
    }

    [Fact]
    public async Task Flush_AbortedWhileTheStreamIsFull_Throws()
    {
        using var abort = new CancellationTokenSource();
        var stream = new ResultStream<string>(1);
        var dispatcher = Dispatchers.Create(stream: stream, abort: abort.Token);
        Dispatchers.Add(dispatcher, 1, 2);
        var flushing = Task.Run(dispatcher.Flush, TestContext.Current.CancellationToken);
        await abort.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => flushing.WaitAsync(Guard, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Flush_StreamCompleted_DropsTheRestWithoutWaiting()
    {
        var stream = new ResultStream<string>(1);
        var dispatcher = Dispatchers.Create(stream: stream);
        stream.Complete();
        Dispatchers.Add(dispatcher, 1, 2);
        dispatcher.Flush();
        Assert.Equal(0, stream.Count);
    }

    [Fact]
    public void Add_SinkThatCausesResults_LeavesTheBatchItReadsAlone()
    {
        var sink = new RecordingSink();
        var dispatcher = Dispatchers.Create(sinks: [(sink, SinkFailurePolicy.Stop)]);
        sink.OnCall = () =>
        {
            sink.OnCall = null;
            Dispatchers.Add(dispatcher, 2);
        };
        Dispatchers.Add(dispatcher, 1);
        dispatcher.Flush();
        dispatcher.Flush();
        Assert.Equal(["1", "2"], sink.Batches);
    }

    [Fact]
    public void Sinks_SteadyState_AllocateNothing()
    {
        var sink = new SummingSink();
        var plan = new DeliveryPlan<string>
        {
            Schema = Rows.CountAndSum,
            Watermarks = new WatermarkProgress(),
            Measures = Rows.OneMeasure,
            Keys = new Rows.Keys(),
            Failures = new Rows.Failures(),
            Sinks = [new(sink, SinkFailurePolicy.Stop), new(sink, SinkFailurePolicy.Skip)],
            DroppedEventSinks = [new(sink, SinkFailurePolicy.Stop)],
            Readers = new ResultReaders<string>(
                new ResultStream<string>(10), overflowAllowed: false, TimeProvider.System),
        };
        var dispatcher = new ResultDispatcher<string>(plan, CancellationToken.None);
        ResultRing[] rings = [new(64, 2), new(64, 2)];
        var merger = new ResultMerger(rings);
        var sequence = 0L;
        for (var warmUp = 0; warmUp < 2_000; warmUp++)
            Round(rings, merger, dispatcher, ref sequence);

        // A collection that another test causes may charge the rest of this thread's piece of the heap to it.
        var (least, tries) = (long.MaxValue, 0);
        for (; least > 0 && tries < 3; tries++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var round = 0; round < 2_000; round++)
                Round(rings, merger, dispatcher, ref sequence);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
        Assert.Equal(dispatcher.Figures.ResultsEmitted * 2, sink.Results);
        Assert.Equal(2_000 + (2_000 * tries), sink.DroppedEvents);
    }

    private static void Round(ResultRing[] rings, ResultMerger merger, ResultOutput output, ref long sequence)
    {
        ReadOnlySpan<long> values = [1, 0];
        for (var row = 0; row < 20; row++, sequence++)
        {
            var header = row == 10 ? Rows.Dropped(sequence, key: row) : Rows.Pane(sequence, key: row);
            rings[row & 1].TryWrite(in header, values);
            rings[0].CompleteThrough(sequence);
            rings[1].CompleteThrough(sequence);
        }

        while (merger.TryTake(output, 16, out _))
        {
        }

        output.Flush();
    }
}
