using DisruptorStream.Emission;
using DisruptorStream.Emission.Views;
using DisruptorStream.Testing.Sinks;
using DisruptorStream.Windows;

namespace DisruptorStream.Tests.Lifecycle;

/// <summary>Panes of windows that a shutdown has fired before they were complete say so; no others do.</summary>
public sealed class PartialPanesTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<ExecutionMode> Modes =>
        [ExecutionMode.Inline, ExecutionMode.Fused, ExecutionMode.Staged];

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task ShutDownAsync_OpenWindows_AreMarkedWhereverTheyAreRead(ExecutionMode mode)
    {
        var (sink, pumped) = (new CollectingSink<string>(), new CollectingAsyncSink<string>());
        var view = new LatestResults<string>();
        await using var processor = Processors.Tumbling(10).Counting(mode)
            .To(sink).To(pumped, new AsyncSinkOptions()).To(view).Build();
        processor.Start();
        processor.Publish("a", 1, 1);
        processor.Publish("b", 12, 1);
        processor.Publish("a", 27, 1);

        await processor.ShutDownAsync(StopMode.Complete, Token);

        Assert.Equal([(0, false), (10, false), (20, true)], Marks(sink.Results));
        Assert.Equal(Marks(sink.Results), Marks(pumped.Results));
        Assert.Equal([(10, false), (20, true)], Marks(view.Read()).Order());
        Assert.EndsWith(" partial count=1", sink.Results[2].ToString());
        Assert.DoesNotContain("partial", sink.Results[1].ToString());
    }

    /// <summary>The late pane is of a window that is complete, and the retraction withdraws an early one.</summary>
    [Theory]
    [MemberData(nameof(Modes))]
    public async Task ShutDownAsync_OtherPanesOfTheEnd_AreNotMarked(ExecutionMode mode)
    {
        var sink = new CollectingSink<string>();
        await using var processor = Processors.Tumbling(10)
            .AllowedLateness(TimeSpan.FromTicks(100))
            .Early(1)
            .LateNever()
            .Accumulation(AccumulationMode.Retracting)
            .Counting(mode).To(sink).Build();
        processor.Start();
        processor.Publish("a", 1, 1);
        processor.Publish("a", 12, 1);
        processor.Publish("a", 2, 1);

        await processor.ShutDownAsync(StopMode.Complete, Token);

        var last = sink.Results.Where(result => result.Sequence == sink.Results[^1].Sequence).ToList();
        Assert.Contains(last, result => result.Timing == PaneTiming.Late);
        Assert.Contains(last, result => result.Timing == PaneTiming.Retract);
        Assert.Equal(
            [(10, PaneTiming.OnTime)],
            sink.Results.Where(result => result.IsPartial)
                .Select(result => ((int)result.Window.StartTicks, result.Timing)));
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task ShutDownAsync_SessionsAndLists_AreMarked(ExecutionMode mode)
    {
        var (sessions, lists) = (new CollectingSink<string>(), new CollectingSink<string>());
        await using (var processor = StreamProcessorBuilder.ForKeys<string>()
            .SessionWindows(TimeSpan.FromTicks(5)).Aggregate(a => a.Count("count"))
            .WithOptions(Processors.Options(mode)).To(sessions).Build())
        {
            processor.Start();
            processor.Publish("a", 1, 1);
            processor.Publish("b", 20, 1);
            await processor.ShutDownAsync(StopMode.Complete, Token);
        }

        await using (var processor = Processors.Tumbling(10).Counting(mode).Top(2, "count").To(lists).Build())
        {
            processor.Start();
            processor.Publish("a", 1, 1);
            processor.Publish("b", 20, 1);
            await processor.ShutDownAsync(StopMode.Complete, Token);
        }

        Assert.Equal([(1, false), (20, true)], Marks(sessions.Results));
        Assert.Equal([(0, false), (20, true)], Marks(lists.Results));
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task StopAsync_Complete_MarksNothing(ExecutionMode mode)
    {
        var sink = new CollectingSink<string>();
        await using var processor = Processors.Tumbling(10).Counting(mode).To(sink).Build();
        processor.Start();
        processor.Publish("a", 1, 1);
        await processor.StopAsync(StopMode.Complete, Token);

        Assert.Equal([(0, false)], Marks(sink.Results));
    }

    /// <summary>The sources have ended, so the watermark has: there is nothing left for the shutdown.</summary>
    [Theory]
    [MemberData(nameof(Modes))]
    public async Task ShutDownAsync_SourcesHaveCompletedOrStateIsDurable_MarksNothing(ExecutionMode mode)
    {
        foreach (var isDurable in (bool[])[false, true])
        {
            var sink = new CollectingSink<string>();
            var step = Processors.Tumbling(10).Counting(mode).To(sink);
            if (isDurable)
                step = step.WithSuspension((_, _) => Task.CompletedTask);
            await using var processor = step.Build();
            processor.Start();
            var source = processor.CreatePublisher("source");
            source.Publish("a", 1, 1);
            if (!isDurable)
                source.Complete();
            await processor.ShutDownAsync(StopMode.Complete, Token);

            Assert.Equal([(0, false)], Marks(sink.Results));
        }
    }

    private static IEnumerable<(int Start, bool IsPartial)> Marks(IEnumerable<WindowResult<string>> results) =>
        results.Select(result => ((int)result.Window.StartTicks, result.IsPartial));
}
