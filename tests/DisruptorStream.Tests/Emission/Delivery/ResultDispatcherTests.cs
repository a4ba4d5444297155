using DisruptorStream.Emission;
using DisruptorStream.Emission.Delivery;
using DisruptorStream.Events;
using DisruptorStream.Windows;

namespace DisruptorStream.Tests.Emission.Delivery;

public sealed class ResultDispatcherTests
{
    private static readonly TimeSpan Guard = TimeSpan.FromSeconds(30);

    [Fact]
    public void Add_BatchFull_DeliversWithoutFlush()
    {
        var sink = new Sink();
        var dispatcher = Dispatcher(capacity: 3, sinks: [(sink, SinkFailurePolicy.Stop)]);
        Add(dispatcher, 1, 2, 3, 4);
        Assert.Equal(["1,2,3"], sink.Batches);
        dispatcher.Flush();
        dispatcher.Flush();
        Assert.Equal(["1,2,3", "4"], sink.Batches);
        Assert.Equal(4, dispatcher.ResultsEmitted);
    }

    [Fact]
    public void Add_RetractionsAndFailures_AreCountedAndLookedUp()
    {
        var sink = new Sink();
        var dispatcher = Dispatcher(sinks: [(sink, SinkFailurePolicy.Stop)]);
        dispatcher.Add(Rows.Pane(1, timing: PaneTiming.Retract), Rows.Values(1, 1));
        dispatcher.Add(Rows.Pane(1, key: 5, pane: 1, failure: 8), Rows.Values(1, 1));
        dispatcher.Flush();
        Assert.Equal((1, 1), (dispatcher.ResultsEmitted, dispatcher.Retractions));
        Assert.Equal(["failure 8 of key 5"], sink.Failures);
        Assert.Equal(["key0", "key5"], sink.Keys);
    }

    [Fact]
    public void Add_DroppedBetweenResults_KeepsTheOrderOfBothKinds()
    {
        var log = new List<string>();
        var dispatcher = Dispatcher(
            sinks: [(new Sink(log), SinkFailurePolicy.Stop)], dropped: [(
                new DroppedSink(log), SinkFailurePolicy.Stop)]);
        Add(dispatcher, 1, 2);
        dispatcher.Add(Rows.Dropped(3, key: 4), [BitConverter.DoubleToInt64Bits(1.5), 77]);
        Add(dispatcher, 3);
        dispatcher.Add(Rows.Dropped(4, key: -1, DropReason.KeyLimit), [0, 0]);
        dispatcher.Flush();
        Assert.Equal(["1,2", "dropped 3 key4 Late 1.5", "3", "dropped 4 (none) KeyLimit 0"], log);
        Assert.Equal(2, dispatcher.DroppedRouted);
    }

    [Fact]
    public void Add_DroppedWithoutSink_DoesNotCutTheBatch()
    {
        var sink = new Sink();
        var dispatcher = Dispatcher(sinks: [(sink, SinkFailurePolicy.Stop)]);
        Add(dispatcher, 1);
        dispatcher.Add(Rows.Dropped(2), [0]);
        Add(dispatcher, 2);
        dispatcher.Flush();
        Assert.Equal(["1,2"], sink.Batches);
        Assert.Equal(0, dispatcher.DroppedRouted);
    }

    [Fact]
    public void Flush_SinkKeepsAView_FindsItStaleAfterwards()
    {
        var sink = new Sink();
        var dispatcher = Dispatcher(sinks: [(sink, SinkFailurePolicy.Stop)]);
        Add(dispatcher, 1);
        dispatcher.Flush();
        Assert.Throws<InvalidOperationException>(() => sink.LastView.Key);
    }

    [Fact]
    public void Flush_StopPolicy_ThrowsWithSinkAndSequences()
    {
        var after = new Sink();
        var failing = new Sink { FailuresToCome = 1 };
        var dispatcher = Dispatcher(sinks: [(failing, SinkFailurePolicy.Stop), (after, SinkFailurePolicy.Stop)]);
        Add(dispatcher, 4, 6);
        var error = Assert.Throws<SinkException>(dispatcher.Flush);
        Assert.Same(failing, error.Sink);
        Assert.Equal((4, 6), (error.FirstSequence, error.LastSequence));
        Assert.Same(dispatcher.LastSinkException, error.InnerException);
        Assert.Empty(after.Batches);
        Assert.Equal((1, 0, 0, 0), Counts(dispatcher));
    }

    [Fact]
    public void Flush_SkipPolicy_CountsAndServesTheOthers()
    {
        var after = new Sink();
        var stream = new ResultStream<string>(10);
        var failing = new Sink { FailuresToCome = 1 };
        var dispatcher = Dispatcher(
            sinks: [(failing, SinkFailurePolicy.Skip), (after, SinkFailurePolicy.Stop)],
            stream: stream,
            alwaysFeeds: true);
        Add(dispatcher, 1);
        dispatcher.Flush();
        Add(dispatcher, 2);
        dispatcher.Flush();
        Assert.Equal(["2"], failing.Batches);
        Assert.Equal(["1", "2"], after.Batches);
        Assert.Equal(2, stream.Count);
        Assert.Equal((1, 0, 1, 2), Counts(dispatcher));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Flush_RetryPolicy_CallsTheSameSinkWithTheSameBatch(int failures)
    {
        var before = new Sink();
        var failing = new Sink { FailuresToCome = failures };
        var dispatcher = Dispatcher(sinks: [
            (before, SinkFailurePolicy.Stop), (failing, SinkFailurePolicy.Retry(3, TimeSpan.FromTicks(1)))]);
        Add(dispatcher, 1, 2);
        dispatcher.Flush();
        Assert.Equal(["1,2"], before.Batches);
        Assert.Equal(["1,2"], failing.Batches);
        Assert.Equal(failures + 1, failing.Calls);
        Assert.Equal((failures, failures, 0, 2), Counts(dispatcher));
    }

    [Fact]
    public void Flush_RetriesUsedUp_SkipsOrStopsAsThePolicySays()
    {
        var skipped = new Sink { FailuresToCome = int.MaxValue };
        var stopped = new Sink { FailuresToCome = int.MaxValue };
        var dispatcher = Dispatcher(sinks: [
            (skipped, SinkFailurePolicy.Retry(2, TimeSpan.Zero, SinkFailurePolicy.Skip)),
            (stopped, SinkFailurePolicy.Retry(4, TimeSpan.Zero, SinkFailurePolicy.Stop))]);
        Add(dispatcher, 1);
        var error = Assert.Throws<SinkException>(dispatcher.Flush);
        Assert.Contains("5 time(s)", error.Message, StringComparison.Ordinal);
        Assert.Equal((3, 5), (skipped.Calls, stopped.Calls));
        Assert.Equal((8, 6, 1, 0), Counts(dispatcher));
    }

    [Fact]
    public void Add_DroppedEventSinkFails_FollowsItsPolicy()
    {
        var failing = new DroppedSink([]) { FailuresToCome = 2 };
        var dispatcher = Dispatcher(
            dropped: [(failing, SinkFailurePolicy.Retry(1, TimeSpan.Zero, SinkFailurePolicy.Skip))]);
        dispatcher.Add(Rows.Dropped(5), [0]);
        Assert.Equal((2, 1, 1, 0), Counts(dispatcher));

        failing.FailuresToCome = 2;
        dispatcher = Dispatcher(dropped: [(failing, SinkFailurePolicy.Stop)]);
        var error = Assert.Throws<SinkException>(() => dispatcher.Add(Rows.Dropped(6), [0]));
        Assert.Equal((6, 6), (error.FirstSequence, error.LastSequence));
    }

    [Fact]
    public void Flush_AbortedDuringARetryDelay_Throws()
    {
        using var abort = new CancellationTokenSource();
        var failing = new Sink { FailuresToCome = int.MaxValue, OnCall = () => abort.CancelAfter(1) };
        var dispatcher = Dispatcher(
            sinks: [(failing, SinkFailurePolicy.Retry(100, TimeSpan.FromMinutes(1)))], abort: abort.Token);
        Add(dispatcher, 1);
        Assert.Throws<OperationCanceledException>(dispatcher.Flush);
        Assert.Equal(1, failing.Calls);
    }

    [Fact]
    public async Task Flush_StreamWithSinks_IsFedOnlyOnceAReaderCame()
    {
        var stream = new ResultStream<string>(10);
        var dispatcher = Dispatcher(sinks: [(new Sink(), SinkFailurePolicy.Stop)], stream: stream);
        Add(dispatcher, 1);
        dispatcher.Flush();
        Assert.Equal(0, stream.Count);

        var token = TestContext.Current.CancellationToken;
        await using var reader = stream.ReadAllAsync(token).GetAsyncEnumerator(token);
        var next = reader.MoveNextAsync().AsTask();
        Add(dispatcher, 2);
        dispatcher.Flush();
        Assert.True(await next.WaitAsync(Guard, token));
        Assert.Equal(2, reader.Current.Sequence);
    }

    [Fact]
    public void Flush_StreamWithoutSinks_IsFedWithOwnedResults()
    {
        var stream = new ResultStream<string>(10);
        var dispatcher = Dispatcher(stream: stream);
        Add(dispatcher, 1);
        dispatcher.Flush();
        Add(dispatcher, 2);
        dispatcher.Flush();
        Assert.True(stream.TryRead(out var result));
        Assert.Equal((1, "key0"), (result.Sequence, result.Key));
    }

    [Fact]
    public async Task Flush_StreamFull_WaitsAndShowsThatNoOneReads()
    {
        var stream = new ResultStream<string>(2);
        var dispatcher = Dispatcher(stream: stream);
        Add(dispatcher, 1, 2, 3, 4, 5);
        var token = TestContext.Current.CancellationToken;
        var flushing = Task.Run(dispatcher.Flush, token);
        using var guard = new CancellationTokenSource(Guard);
        while (!dispatcher.IsBlockedWithoutReader)
        {
            guard.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        var read = new List<long>();
        await foreach (var result in stream.ReadAllAsync(guard.Token))
        {
            Assert.False(dispatcher.IsBlockedWithoutReader);
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
        var dispatcher = Dispatcher(stream: stream, abort: abort.Token);
        Add(dispatcher, 1, 2);
        var flushing = Task.Run(dispatcher.Flush, TestContext.Current.CancellationToken);
        await abort.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => flushing.WaitAsync(Guard, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Flush_StreamCompleted_DropsTheRestWithoutWaiting()
    {
        var stream = new ResultStream<string>(1);
        var dispatcher = Dispatcher(stream: stream);
        stream.Complete();
        Add(dispatcher, 1, 2);
        dispatcher.Flush();
        Assert.Equal(0, stream.Count);
    }

    [Fact]
    public void Add_SinkThatCausesResults_LeavesTheBatchItReadsAlone()
    {
        var sink = new Sink();
        var dispatcher = Dispatcher(sinks: [(sink, SinkFailurePolicy.Stop)]);
        sink.OnCall = () =>
        {
            sink.OnCall = null;
            Add(dispatcher, 2);
        };
        Add(dispatcher, 1);
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
            Measures = Rows.OneMeasure,
            Keys = new Rows.Keys(),
            Failures = new Rows.Failures(),
            Sinks = [new(sink, SinkFailurePolicy.Stop), new(sink, SinkFailurePolicy.Skip)],
            DroppedEventSinks = [new(sink, SinkFailurePolicy.Stop)],
            Stream = new ResultStream<string>(10),
        };
        var dispatcher = new ResultDispatcher<string>(plan, CancellationToken.None);
        ResultRing[] rings = [new(64, 2), new(64, 2)];
        var merger = new ResultMerger(rings);
        var sequence = 0L;
        for (var warmUp = 0; warmUp < 2_000; warmUp++)
            Round(rings, merger, dispatcher, ref sequence);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < 2_000; round++)
            Round(rings, merger, dispatcher, ref sequence);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(dispatcher.ResultsEmitted * 2, sink.Results);
        Assert.Equal(4_000, sink.DroppedEvents);
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

    private static void Add(ResultOutput output, params ReadOnlySpan<long> sequences)
    {
        foreach (var sequence in sequences)
            output.Add(Rows.Pane(sequence), Rows.Values(1, 1));
    }

    private static (long Failures, long Retries, long Skipped, long Emitted) Counts(
        ResultDispatcher<string> dispatcher) =>
        (dispatcher.SinkFailures, dispatcher.SinkRetries, dispatcher.BatchesSkipped, dispatcher.ResultsEmitted);

    private static ResultDispatcher<string> Dispatcher(
        (IResultSink<string> Sink, SinkFailurePolicy Policy)[]? sinks = null,
        (IDroppedEventSink<string> Sink, SinkFailurePolicy Policy)[]? dropped = null,
        ResultStream<string>? stream = null,
        bool alwaysFeeds = false,
        int capacity = 256,
        CancellationToken abort = default) => new(
            new DeliveryPlan<string>
            {
                Schema = Rows.CountAndSum,
                Measures = Rows.OneMeasure,
                Keys = new Rows.Keys(),
                Failures = new Rows.Failures(),
                Sinks = [.. (sinks ?? []).Select(
                    entry => new SinkRegistration<IResultSink<string>>(entry.Sink, entry.Policy))],
                DroppedEventSinks = [.. (dropped ?? []).Select(
                    entry => new SinkRegistration<IDroppedEventSink<string>>(entry.Sink, entry.Policy))],
                Stream = stream,
                AlwaysFeedsStream = alwaysFeeds,
                BatchCapacity = capacity,
            },
            abort);

    private sealed class Sink : IResultSink<string>
    {
        public Sink(List<string>? log = null) => Batches = log ?? [];

        public List<string> Batches { get; }

        public List<string> Keys { get; } = [];

        public List<string> Failures { get; } = [];

        public WindowResult<string> LastView { get; private set; }

        public int Calls { get; private set; }

        public int FailuresToCome { get; set; }

        public Action? OnCall { get; set; }

        public void OnResults(ResultBatch<string> batch)
        {
            Calls++;
            OnCall?.Invoke();
            if (FailuresToCome-- > 0)
                throw new InvalidOperationException($"call {Calls}");

            Batches.Add(string.Join(',', batch.Select(result => result.Sequence)));
            Keys.AddRange(batch.Select(result => result.Key));
            Failures.AddRange(batch.Where(result => result.IsFailed).Select(result => result.Failure!.Message));
            LastView = batch[^1];
        }
    }
}
