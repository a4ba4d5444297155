using DisruptorStream.Building;
using DisruptorStream.Emission;
using DisruptorStream.Emission.Gating;
using DisruptorStream.State.Panes;
using DisruptorStream.Testing.Sinks;
using DisruptorStream.Windows;

namespace DisruptorStream.Tests.Emission.Gating;

/// <summary>What a gate holds back is delivered when it moves, in order, and not before; in every mode.</summary>
public sealed class DeliveryGateTests
{
    public static TheoryData<ExecutionMode> Modes => [ExecutionMode.Inline, ExecutionMode.Fused, ExecutionMode.Staged];

    public static TheoryData<ExecutionMode> Threaded => [ExecutionMode.Fused, ExecutionMode.Staged];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Admits_EachKindOfRow_GoesBySequenceAndEndOfWindow()
    {
        var gate = new DeliveryGate(sequence: 5, watermarkTicks: 10);

        Assert.True(gate.Admits(Rows.Pane(5, end: 10)));
        Assert.False(gate.Admits(Rows.Pane(6, end: 10)));
        Assert.False(gate.Admits(Rows.Pane(5, end: 11)));
        Assert.False(gate.Admits(Rows.Pane(5, end: 11, timing: PaneTiming.Late)));
        Assert.True(gate.Admits(Rows.Pane(5, end: 11, timing: PaneTiming.Early)));
        Assert.True(gate.Admits(Rows.Dropped(5)));
        Assert.False(gate.Admits(Rows.Dropped(6)));
        Assert.False(gate.Admits(Rows.Pane(6, flags: ResultFlags.KeyReleased)));
    }

    [Fact]
    public void MoveTo_Back_ChangesNothingAndWakesNobody()
    {
        var gate = new DeliveryGate(sequence: 5, watermarkTicks: 10);
        var moves = 0;
        gate.Register(() => moves++);
        var move = gate.NextMove;

        gate.MoveTo(4, 9);
        Assert.Equal((5, 10, 0), (gate.Sequence, gate.WatermarkTicks, moves));
        Assert.False(move.IsCompleted);

        gate.MoveTo(6, 9);
        Assert.Equal((6, 10, 1), (gate.Sequence, gate.WatermarkTicks, moves));
        Assert.True(move.IsCompleted);
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task Closed_AFlush_CompletesOnceTheGateHasMoved(ExecutionMode mode)
    {
        var gate = new DeliveryGate();
        var sink = new CollectingSink<string>();
        await using var processor = Build(mode, gate, sink);
        for (var time = 0; time < 5; time++)
            processor.Publish("a", time, 1);

        var flushed = processor.FlushAsync(Token).AsTask();
        await Processors.UntilAsync(() => processor.GetStats().WindowsFired == 4);
        Assert.False(flushed.IsCompleted);
        Assert.Equal((0, 4), (sink.Count, (int)processor.GetStats().WindowsFired));

        gate.MoveTo(long.MaxValue);
        await flushed.WaitAsync(Processors.Patience, Token);
        Assert.Equal([0, 1, 2, 3], sink.Results.Select(result => result.Window.StartTicks));
    }

    /// <summary>Held results are in no state, so one who loads it would never see them.</summary>
    [Theory]
    [MemberData(nameof(Modes))]
    public async Task Closed_ASave_WaitsForTheGateSoThatNoResultIsLost(ExecutionMode mode)
    {
        var gate = new DeliveryGate();
        var sink = new CollectingSink<string>();
        using var state = new MemoryStream();
        await using (var first = Build(mode, gate, sink))
        {
            for (var time = 0; time < 5; time++)
                first.Publish("a", time, 1);
            var saved = first.SaveStateAsync(state, Token);
            await Processors.UntilAsync(() => first.GetStats().WindowsFired == 4);
            Assert.False(saved.IsCompleted);
            Assert.Equal((0, 0L), (sink.Count, state.Length));

            gate.MoveTo(long.MaxValue);
            await saved.WaitAsync(Processors.Patience, Token);
            Assert.Equal(4, sink.Count);
        }

        state.Position = 0;
        await using var second = Pipeline(mode, new DeliveryGate(long.MaxValue), sink).Load(state);
        second.Start();
        second.Publish("a", 5, 1);
        await second.StopAsync(StopMode.Complete, Token);

        Assert.Equal([0, 1, 2, 3, 4, 5], sink.Results.Select(result => result.Window.StartTicks));
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task Closed_ASaveAndAnAbort_TheSaveEndsAndWritesNothing(ExecutionMode mode)
    {
        using var state = new MemoryStream();
        var processor = Build(mode, new DeliveryGate(), new CollectingSink<string>());
        for (var time = 0; time < 5; time++)
            processor.Publish("a", time, 1);
        var saved = processor.SaveStateAsync(state, Token);
        await Processors.UntilAsync(() => processor.GetStats().WindowsFired == 4);

        await processor.DisposeAsync().AsTask().WaitAsync(Processors.Patience, Token);

        await Assert.ThrowsAsync<ProcessorStoppedException>(() => saved.WaitAsync(Processors.Patience, Token));
        Assert.Equal(0, state.Length);
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task AtASequence_Results_GoUpToItAndInOrder(ExecutionMode mode)
    {
        var open = new CollectingSink<string>();
        await using (var other = Build(mode, new DeliveryGate(long.MaxValue), open))
        {
            PublishMany(other);
            await other.StopAsync(StopMode.Complete, Token);
        }

        var gate = new DeliveryGate();
        var sink = new CollectingSink<string>();
        await using var processor = Build(mode, gate, sink);
        PublishMany(processor);
        var stopped = Task.Run(() => processor.StopAsync(StopMode.Complete, Token), Token);

        foreach (var sequence in open.Results.Select(result => result.Sequence).Distinct())
        {
            gate.MoveTo(sequence);
            var through = open.Results.Count(result => result.Sequence <= sequence);
            await sink.WaitForAsync(through, cancellationToken: Token);
            Assert.Equal(through, sink.Count);
        }

        Assert.False(stopped.IsCompleted);
        gate.MoveTo(long.MaxValue);
        await stopped.WaitAsync(Processors.Patience, Token);
        Assert.Equal(open.Results.Select(Text), sink.Results.Select(Text));
        Assert.Equal(0, processor.GetStats().ResultsDiscarded);
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task AtAWatermark_Results_AreOfWindowsThatEndByThen(ExecutionMode mode)
    {
        var gate = new DeliveryGate(long.MaxValue, watermarkTicks: 2);
        var sink = new CollectingSink<string>();
        await using var processor = Build(mode, gate, sink);
        for (var time = 0; time < 5; time++)
            processor.Publish("a", time, 1);
        await sink.WaitForAsync(2, cancellationToken: Token);
        await Processors.UntilAsync(() => processor.GetStats().WindowsFired == 4);
        Assert.Equal(2, sink.Count);

        gate.MoveTo(0, 4);
        await processor.FlushAsync(Token);
        Assert.Equal(4, sink.Count);
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task Closed_AnAbort_EndsAndCountsWhatWasHeld(ExecutionMode mode)
    {
        var sink = new CollectingSink<string>();
        var processor = Build(mode, new DeliveryGate(), sink);
        for (var time = 0; time < 5; time++)
            processor.Publish("a", time, 1);
        await Processors.UntilAsync(() => processor.GetStats().WindowsFired == 4);
        var stopped = Task.Run(() => processor.StopAsync(StopMode.Complete, Token), Token);
        await Processors.UntilAsync(() => processor.GetStats().State == ProcessorState.Stopping);

        await processor.DisposeAsync().AsTask().WaitAsync(Processors.Patience, Token);
        await processor.Completion.WaitAsync(Processors.Patience, Token);

        await Assert.ThrowsAsync<ProcessorStoppedException>(() => stopped.WaitAsync(Processors.Patience, Token));
        var stats = processor.GetStats();
        Assert.Equal((0, 0), (sink.Count, (int)stats.ResultsEmitted));
        Assert.True(stats.ResultsDiscarded >= 4);
        Assert.Equal(stats.WindowsFired, stats.ResultsDiscarded);
    }

    [Theory]
    [MemberData(nameof(Threaded))]
    public async Task Closed_AsMuchIsHeldAsMayBe_HoldsPublishersUntilItMoves(ExecutionMode mode)
    {
        var gate = new DeliveryGate(heldBytes: 200);
        var sink = new CollectingSink<string>();
        await using var processor = Build(mode, gate, sink, TimeSpan.FromMilliseconds(100), resultRows: true);

        var held = await Assert.ThrowsAsync<EngineHeldException>(() => Task.Run(() =>
        {
            for (var time = 0; time < 1_000_000; time++)
                processor.Publish("a", time, 1);
        }, Token));
        Assert.Contains("held back", held.Message, StringComparison.Ordinal);
        Assert.Equal(0, sink.Count);

        gate.MoveTo(long.MaxValue);
        await processor.StopAsync(StopMode.Complete, Token);
        var stats = processor.GetStats();
        Assert.Equal((stats.WindowsFired, 0L), (sink.Count, stats.ResultsDiscarded));
    }

    [Fact]
    public async Task ClosedInline_AsMuchIsHeldAsMayBe_RefusesTheNextEventUntilItMoves()
    {
        var gate = new DeliveryGate(heldBytes: 200);
        var sink = new CollectingSink<string>();
        await using var processor = Build(ExecutionMode.Inline, gate, sink);
        var time = 0;
        var refused = Assert.Throws<ResultBufferFullException>(() =>
        {
            for (; time < 100; time++)
                processor.Publish("a", time, 1);
        });
        Assert.Contains("held back", refused.Message, StringComparison.Ordinal);
        Assert.Throws<ResultBufferFullException>(() => processor.TryPublish("a", time, 1));
        Assert.InRange(time, 2, 10);

        gate.MoveTo(long.MaxValue);
        processor.Publish("a", time, 1);
        Assert.Equal(time, sink.Count);
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task Progress_OfASink_StaysBeforeTheGate(ExecutionMode mode)
    {
        var gate = new DeliveryGate();
        var sink = new CollectingSink<string>();
        await using var processor = Build(mode, gate, sink);
        for (var time = 0; time < 5; time++)
            processor.Publish("a", time, 1);
        await Processors.UntilAsync(() => processor.GetStats().WindowsFired == 4);
        Assert.Null(sink.Progress);

        gate.MoveTo(3);
        var stopped = Task.Run(() => processor.StopAsync(StopMode.Complete, Token), Token);
        await Processors.UntilAsync(() => sink.Progress is { Sequence: 3 });
        gate.MoveTo(long.MaxValue);
        await stopped.WaitAsync(Processors.Patience, Token);
        Assert.Equal(long.MaxValue, sink.Progress!.Value.WatermarkTicks);
    }

    private static string Text(WindowResult<string> result) =>
        $"{result.Sequence} {result.Key} {result.Window.StartTicks} {result["count"]}";

    private static void PublishMany(StreamProcessor<string> processor)
    {
        for (var time = 0; time < 60; time++)
            processor.Publish($"key{time % 7}", time / 3, 1);
    }

    private static StreamProcessor<string> Build(
        ExecutionMode mode,
        DeliveryGate gate,
        CollectingSink<string> sink,
        TimeSpan? timeout = null,
        bool resultRows = false)
    {
        var processor = Pipeline(mode, gate, sink, timeout, resultRows).Build();
        processor.Start();
        return processor;
    }

    private static BuildStep<string> Pipeline(
        ExecutionMode mode,
        DeliveryGate gate,
        CollectingSink<string> sink,
        TimeSpan? timeout = null,
        bool resultRows = false) => Processors.Tumbling(1)
        .Aggregate(a => a.Count("count"))
        .WithOptions(Processors.Options(mode) with
        {
            RingCapacity = resultRows ? 64 : 1024,
            ShardCount = mode == ExecutionMode.Staged ? 2 : 1,
            ShutdownTimeout = timeout ?? TimeSpan.FromSeconds(20),
        })
        .WithGate(gate)
        .To(sink);
}
