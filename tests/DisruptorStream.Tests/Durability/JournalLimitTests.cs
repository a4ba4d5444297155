using DisruptorStream.Building;
using DisruptorStream.Durability;
using DisruptorStream.Emission;
using DisruptorStream.Testing.Sinks;

namespace DisruptorStream.Tests.Durability;

/// <summary>A journal at its limit waits for a snapshot, and then goes on, whatever is kept beside.</summary>
public sealed class JournalLimitTests : IDisposable
{
    private const int Segment = 1 << 12;

    private static readonly int[] Kept = [1, 5];

    private readonly string _directory = Directory.CreateTempSubdirectory("limit-").FullName;

    public static TheoryData<ExecutionMode, DurabilityMode, int> Limits() => new(
        from mode in Enum.GetValues<ExecutionMode>()
        from durability in Enum.GetValues<DurabilityMode>()
        from kept in Kept
        select (mode, durability, kept));

    /// <summary>Bursts that are longer than the limit, between snapshots that would all be kept.</summary>
    [Theory]
    [MemberData(nameof(Limits))]
    public async Task Publish_BurstsBeyondTheLimit_AllComeThrough(
        ExecutionMode mode, DurabilityMode durability, int kept)
    {
        var sink = new CollectingSink<string>();
        await using var processor = Step(mode).To(sink)
            .DurableIn(_directory, Options() with { Mode = durability, SnapshotsKept = kept })
            .Build();
        if (mode != ExecutionMode.Inline)
            processor.Start();

        // Inline writes each event for itself, so fewer are as long.
        var events = mode == ExecutionMode.Inline ? 600 : 6_000;
        var published = Task.Run(async () =>
        {
            for (var at = 0; at < events; at++)
            {
                processor.Publish($"key-{at % 12}", at, at * 0.37);
                if (at % (events / 6) == 0)
                    await processor.Durability!.TakeSnapshotAsync();
            }
        });
        await published.WaitAsync(Processors.Patience, TestContext.Current.CancellationToken);
        await processor.StopAsync(StopMode.Complete, TestContext.Current.CancellationToken)
            .WaitAsync(Processors.Patience, TestContext.Current.CancellationToken);

        Assert.Equal(events / 100 * 12, sink.Results.Count);
    }

    /// <summary>
    /// A sink that has not got its results yet needs what is before the snapshot. That it has them by now is told
    /// though nothing else is written.
    /// </summary>
    [Fact]
    public async Task Publish_SinkIsBehindAtTheLimit_GoesOnWhenItHasCome()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var sink = new CollectingAsyncSink<string>(async (_, token) => await release.Task.WaitAsync(token));
        await using var processor = Step(ExecutionMode.Fused)
            .To(sink, new AsyncSinkOptions { BatchSize = 1_000, MaxDelay = TimeSpan.Zero })
            .DurableIn(_directory, Options())
            .Build();
        processor.Start();
        var published = Task.Run(() =>
        {
            for (var at = 0; at < 6_000; at++)
                processor.Publish($"key-{at % 12}", at, at * 0.37);
        });
        await Processors.UntilAsync(
            () => processor.Durability!.GetStats() is { JournalBytes: >= 4 * Segment, SnapshotSequence: > 0 });
        release.SetResult();
        await published.WaitAsync(Processors.Patience, TestContext.Current.CancellationToken);
        await processor.Durability!.WhenDurableAsync(TestContext.Current.CancellationToken)
            .WaitAsync(Processors.Patience, TestContext.Current.CancellationToken);
    }

    /// <summary>To stop at the limit is for the case that snapshots fail, not for a burst.</summary>
    [Theory]
    [InlineData(ExecutionMode.Inline, 600)]
    [InlineData(ExecutionMode.Fused, 6_000)]
    public async Task Publish_BurstBeyondALimitThatStops_ComesThrough(ExecutionMode mode, int events)
    {
        var sink = new CollectingSink<string>();
        await using var processor = Step(mode).To(sink)
            .DurableIn(_directory, Options() with { OnJournalLimit = JournalLimitPolicy.Stop })
            .Build();
        if (mode != ExecutionMode.Inline)
            processor.Start();

        var published = Task.Run(() =>
        {
            for (var at = 0; at < events; at++)
                processor.Publish($"key-{at % 12}", at, at * 0.37);
        });
        await published.WaitAsync(Processors.Patience, TestContext.Current.CancellationToken);
        await processor.StopAsync(StopMode.Complete, TestContext.Current.CancellationToken)
            .WaitAsync(Processors.Patience, TestContext.Current.CancellationToken);

        Assert.Equal(events / 100 * 12, sink.Results.Count);
    }

    [Fact]
    public async Task Publish_SinkStaysBehindAtALimitThatStops_FailsAndSaysWhy()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var sink = new CollectingAsyncSink<string>(async (_, token) => await release.Task.WaitAsync(token));
        await using var processor = Step(ExecutionMode.Fused)
            .To(sink, new AsyncSinkOptions { BatchSize = 1_000, MaxDelay = TimeSpan.Zero })
            .DurableIn(_directory, Options() with { OnJournalLimit = JournalLimitPolicy.Stop })
            .Build();
        processor.Start();

        // Who publishes is told that nothing moves, or that the processor has failed, whichever comes first.
        await Assert.ThrowsAnyAsync<StreamProcessorException>(() => Task.Run(() =>
        {
            for (var at = 0; at < 100_000; at++)
                processor.Publish($"key-{at % 12}", at, at * 0.37);
        }).WaitAsync(Processors.Patience, TestContext.Current.CancellationToken));
        await Processors.UntilAsync(() => processor.GetStats().State == ProcessorState.Faulted);

        // What was delivered before is still written.
        release.SetResult();
        var failed = await Assert.ThrowsAsync<PipelineException>(
            () => processor.Completion.WaitAsync(Processors.Patience, TestContext.Current.CancellationToken));

        Assert.Contains(
            ": a snapshot was asked for",
            failed.GetBaseException().Message,
            StringComparison.Ordinal);
    }

    private static DurabilityOptions Options() => new()
    {
        SegmentBytes = Segment,
        MaxJournalBytes = 1,
        SyncInterval = TimeSpan.FromMilliseconds(10),
    };

    private static BuildStep<string> Step(ExecutionMode mode) => Processors.Tumbling(100).Counting(mode);

    public void Dispose() => Directory.Delete(_directory, recursive: true);
}
