using CsCheck;
using DisruptorStream.Emission;
using DisruptorStream.Emission.Views;
using DisruptorStream.Windows;
using Microsoft.Extensions.Time.Testing;

namespace DisruptorStream.Tests.Emission.Views;

/// <summary>Which pane is shown, and from when on.</summary>
public sealed class LatestResultsTests
{
    /// <summary>A key, a window, a pane, whether it withdraws, and what comes after it.</summary>
    private static readonly Gen<(int Key, int End, int Length, int Pane, int Kind, int After)[]> AnySteps = Gen.Select(
        Gen.Int[0, 9], Gen.Int[1, 4], Gen.Int[1, 2], Gen.Int[0, 1], Gen.Int[0, 9], Gen.Int[0, 3]).Array[0, 120];

    [Fact]
    public void Read_BeforeTheStart_IsEmpty()
    {
        var latest = new LatestResults<string>(3);

        Assert.Empty(latest.Read());
        Assert.False(latest.TryGet("a", out _));
        Assert.Equal((0, -1L, null), (latest.Count, latest.Progress.Sequence, latest.Progress.WatermarkTicks));
        Assert.Equal(3, latest.Capacity);
    }

    /// <summary>Whatever comes, readers see what the obvious list says, and each state after the one before.</summary>
    [Fact]
    public void Read_AnyPanesRetractionsAndRetirements_EqualsModel() =>
        Gen.Select(AnySteps, Gen.Int[1, 12], Gen.Bool).Sample((steps, capacity, perLength) =>
        {
            var latest = new LatestResults<string>(
                new LatestResultsOptions { Capacity = capacity, PerWindowLength = perLength });
            var view = new Views(latest);
            var model = new LatestModel(capacity, perLength);
            var reused = new LatestSnapshot<string>();
            var (sequence, shown) = (0L, Array.Empty<string>());
            foreach (var (key, end, length, pane, kind, after) in steps)
            {
                if (kind == 0)
                {
                    view.Retire($"key{key}", sequence);
                    model.Retire(key);
                }
                else
                {
                    var timing = kind < 4 ? PaneTiming.Retract : PaneTiming.OnTime;
                    var row = Rows.Pane(sequence, 10 * end, 10 * (end - length), key, pane, timing);
                    view.Give(row);
                    model.Give(row);
                }

                // In the middle of a slot's rows, at its end, or at its end with a look at it.
                if (after == 0)
                    view.Progress(sequence - 1);
                if (after > 1)
                {
                    model.EndFiring();
                    view.Progress(sequence);
                    (shown, sequence) = (model.Shown, sequence + 1);
                }

                latest.Read(reused);
                Assert.Equal(shown, Views.Texts(reused));
                Assert.Equal(model.Displaced, latest.Displaced);
            }
        });

    /// <summary>In each state every key is found, and none that is not there.</summary>
    [Fact]
    public void TryGet_ManyKeysComeAndGo_FindsThoseThatAreThere()
    {
        var latest = new LatestResults<string>();
        var view = new Views(latest, Rows.CountAndSum);
        for (var sequence = 0; sequence < 200; sequence++)
        {
            view.Give(Rows.Pane(sequence, key: sequence));
            if (sequence >= 100)
                view.Retire($"key{sequence - 100}", sequence);
            view.Progress(sequence);
            var snapshot = latest.Read();
            for (var key = 0; key < 200; key++)
            {
                var isThere = key <= sequence && key > sequence - 100;
                Assert.Equal(isThere, latest.TryGet($"key{key}", out var one));
                Assert.Equal(isThere, snapshot.TryGet($"key{key}", out var same));
                Assert.True(!isThere || (one.Sequence == key && same.Sequence == key));
            }
        }

        Assert.Equal((100, 100L), (latest.Count, latest.Retired));
    }

    [Fact]
    public void TryGet_LatePaneOfAnOlderWindow_LeavesTheNewer()
    {
        var latest = new LatestResults<string>();
        var view = new Views(latest);
        view.Give(Rows.Pane(1, end: 20, start: 10));
        view.Give(Rows.Pane(2, end: 10, start: 0, pane: 1, timing: PaneTiming.Late));
        view.Progress(2);

        Assert.Equal(["key0 [10, 20) #0 1 0.5"], view.Shown());
    }

    /// <summary>A session that has grown at its front ends where the one before ended, and begins earlier.</summary>
    [Fact]
    public void TryGet_SessionThatGrewAtItsFront_IsTheMergedOne()
    {
        var latest = new LatestResults<string>();
        var view = new Views(latest);
        view.Give(Rows.Pane(1, end: 30, start: 20));
        view.Give(Rows.Pane(2, end: 30, start: 0, timing: PaneTiming.Late));
        view.Progress(2);

        Assert.Equal(["key0 [0, 30) #0 2 1"], view.Shown());
    }

    [Fact]
    public void TryGet_PerWindowLength_KeepsOneOfEach()
    {
        var latest = new LatestResults<string>(new LatestResultsOptions { PerWindowLength = true });
        var view = new Views(latest);
        view.Give(Rows.Pane(1, end: 10, start: 0), Rows.Pane(1, end: 10, start: 5));
        view.Progress(1);

        Assert.True(latest.TryGet("key0", TimeSpan.FromTicks(10), out var whole));
        Assert.True(latest.TryGet("key0", TimeSpan.FromTicks(5), out var half));
        Assert.True(latest.TryGet("key0", out var shortest));
        Assert.False(latest.TryGet("key0", TimeSpan.FromTicks(6), out _));
        Assert.Equal((0, 5, 5), (whole.Window.StartTicks, half.Window.StartTicks, shortest.Window.StartTicks));
    }

    [Fact]
    public void Read_FailedWindow_SaysSoUntilTheNext()
    {
        var latest = new LatestResults<string>();
        var view = new Views(latest);
        var failed = new ResultBatch<string>(Rows.CountAndSum, 1);
        failed.Add(Rows.Pane(1, failure: 0), "key0", Rows.Values(0, 0), new InvalidOperationException("broken"));
        view.Give(failed);
        view.Progress(1);
        Assert.True(latest.TryGet("key0", out var one));
        Assert.True(one.IsFailed);
        Assert.Equal("broken", latest.Read()[0].Failure!.Message);

        view.Give(Rows.Pane(2, end: 20));
        view.Progress(2);
        Assert.True(latest.TryGet("key0", out one));
        Assert.False(one.IsFailed);
        Assert.Null(latest.Read()[0].Failure);
    }

    [Fact]
    public void Progress_WithoutPanes_MovesTheStateOn()
    {
        var latest = new LatestResults<string>();
        var view = new Views(latest);
        view.Give(Rows.Pane(1));
        view.Progress(1, 10);
        view.Progress(7, 12);

        var snapshot = latest.Read();
        Assert.Equal((7L, 12L, 1), (snapshot.Sequence, snapshot.WatermarkTicks, snapshot.Count));
        Assert.Equal((7L, 12L), (latest.Progress.Sequence, latest.Progress.WatermarkTicks));
    }

    [Fact]
    public void Results_ReadIntoTheSameSnapshot_SayThatTheyAreOld()
    {
        var latest = new LatestResults<string>();
        var view = new Views(latest);
        view.Give(Rows.Pane(1));
        view.Progress(1);
        var snapshot = latest.Read();
        var (old, kept) = (snapshot[0], snapshot[0].ToOwned());

        latest.Read(snapshot);

        Assert.Throws<InvalidOperationException>(() => old.Sequence);
        Assert.Equal(1, kept.Sequence);
    }

    [Fact]
    public void OnStart_SecondProcessor_IsRefusedUntilTheFirstHasEnded()
    {
        var latest = new LatestResults<string>();
        var first = new Views(latest);
        first.Give(Rows.Pane(1));
        first.Progress(1);
        var refused = Assert.Throws<InvalidOperationException>(() => new Views(latest));
        Assert.Contains("'hand' already", refused.Message);

        first.Complete();
        Assert.Single(latest.Read());
        var second = new Views(latest, first: 5);
        Assert.Equal((0, 4L), (latest.Count, latest.Progress.Sequence));
        second.Progress(9);
        Assert.Equal(9, latest.Progress.Sequence);
    }

    /// <summary>Known keys and a snapshot that is used again: neither side allocates.</summary>
    [Fact]
    public void Steady_PanesAndReads_AllocateNothing()
    {
        var latest = new LatestResults<string>();
        var view = new Views(latest);
        var snapshot = new LatestSnapshot<string>();
        var batches = Enumerable.Range(0, 40).Select(BatchOf).ToArray();
        Run(..10);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Run(10..);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(50, snapshot.Count);

        void Run(Range part)
        {
            var (first, count) = part.GetOffsetAndLength(batches.Length);
            for (var sequence = first; sequence < first + count; sequence++)
            {
                view.Give(batches[sequence]);
                view.Progress(sequence);
                latest.Read(snapshot);
            }
        }

        static ResultBatch<string> BatchOf(int sequence) => Rows.Batch(
            [.. Enumerable.Range(0, 50).Select(key => Rows.Pane(sequence, end: sequence + 10, key: key))]);
    }

    /// <summary>The engine says in its order which keys have gone, and the same key may come again.</summary>
    [Fact]
    public async Task To_KeyThatIsRetired_Leaves()
    {
        var latest = new LatestResults<string>();
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch);
        await using var processor = Processors.Tumbling(10).Aggregate(a => a.Count("count"))
            .WithOptions(Processors.Options(ExecutionMode.Inline) with { WindowRetention = TimeSpan.FromSeconds(10) })
            .WithTimeProvider(clock)
            .To(latest)
            .Build();
        processor.Publish("a", 1, 1);
        processor.Publish("b", 11, 1);
        Assert.True(latest.TryGet("a", out _));

        for (var second = 0; second < 30; second++)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            processor.Advance();
        }

        Assert.False(latest.TryGet("a", out _));
        Assert.Equal(1, latest.Retired);
        processor.Publish("a", 21, 1);
        processor.Publish("a", 31, 1);
        Assert.Equal(2, latest.Count);
    }

    [Theory]
    [InlineData(ExecutionMode.Inline)]
    [InlineData(ExecutionMode.Fused)]
    [InlineData(ExecutionMode.Staged)]
    public async Task To_AfterAFlushAndAfterTheEnd_ShowsAllThatWasPublished(ExecutionMode mode)
    {
        var latest = new LatestResults<string>();
        await using var processor = Processors.Tumbling(10).Counting(mode).To(latest).Build();
        if (mode != ExecutionMode.Inline)
            processor.Start();
        for (var time = 0; time < 25; time++)
            processor.Publish($"key{time % 3}", time, 1);
        await processor.FlushAsync(TestContext.Current.CancellationToken);

        Assert.Equal(3, latest.Count);
        Assert.All(latest.Read(), row => Assert.Equal(20, row.Window.EndTicks));
        Assert.Equal(24, latest.Progress.WatermarkTicks);

        await processor.StopAsync(StopMode.Complete, TestContext.Current.CancellationToken);
        Assert.All(latest.Read(), row => Assert.Equal(30, row.Window.EndTicks));
        Assert.Equal(long.MaxValue, latest.Progress.WatermarkTicks);
    }
}
