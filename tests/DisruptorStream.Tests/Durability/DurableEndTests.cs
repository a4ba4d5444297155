using DisruptorStream.Durability;
using DisruptorStream.Emission;
using DisruptorStream.Testing;
using DisruptorStream.Testing.Sinks;
using DisruptorStream.Topology.Durable;

namespace DisruptorStream.Tests.Durability;

/// <summary>What sinks are told once, and what callers are told when a durable processor has ended.</summary>
public sealed class DurableEndTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("ends-").FullName;

    /// <summary>The recovery hands results to a sink before the processor does, and the sink has one start.</summary>
    [Fact]
    public async Task Build_RecoveryAndThenTheProcessorDeliver_AsyncSinkIsStartedOnce()
    {
        await using (var first = Build(new CollectingAsyncSink<string>(static async (_, token) =>
            await Task.Delay(Timeout.Infinite, token))))
        {
            first.Publish("a", 0, 1);
            first.Publish("a", 100, 1);
            await first.Durability!.WhenDurableAsync(TestContext.Current.CancellationToken);
        }

        var sink = new CollectingAsyncSink<string>();
        await using (var second = Build(sink))
        {
            second.Publish("a", 200, 1);
            await second.StopAsync(StopMode.Suspend, TestContext.Current.CancellationToken);
        }

        Assert.Equal(2, sink.Count);
        Assert.Single(sink.Calls, "StartAsync");
        Assert.Equal("StartAsync", sink.Calls[0]);
        Assert.Equal("CompleteAsync", sink.Calls[^1]);
    }

    /// <summary>What lay in the queue of a sink when it was given up has not arrived, whoever asks when.</summary>
    [Fact]
    public async Task Abort_ResultsWaitForAnAsyncSink_HaveNotArrived()
    {
        var sink = new CollectingAsyncSink<string>(
            static async (_, token) => await Task.Delay(Timeout.Infinite, token));
        await using var processor = Build(sink);
        for (var at = 0; at < 10; at++)
            processor.Publish("a", at * 100, 1);
        await sink.WaitForWriteAsync(cancellationToken: TestContext.Current.CancellationToken);
        await processor.StopAsync(StopMode.Abort, TestContext.Current.CancellationToken);

        Assert.Equal(9, processor.Parts.Queries[0].Delivery.LastNumber);
        Assert.Equal(0, processor.Parts.Queries[0].Delivery.ArrivedNumber);
    }

    [Theory]
    [InlineData(StopMode.Suspend)]
    [InlineData(StopMode.Abort)]
    public async Task TakeSnapshotAsync_AfterTheEnd_SaysThatItHasEnded(StopMode stop)
    {
        await using var processor = Build(new CollectingAsyncSink<string>());
        await processor.StopAsync(stop, TestContext.Current.CancellationToken);

        var taken = processor.Durability!.TakeSnapshotAsync(TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<ProcessorStoppedException>(() => taken);
    }

    [Fact]
    public async Task WhenDurableAsync_AfterAFailure_SaysWhatFailed()
    {
        await using var processor = Processors.Tumbling(100).Counting(ExecutionMode.Fused)
            .To(new FailingSink<string>())
            .DurableIn(_directory, Options() with { SyncInterval = TimeSpan.FromDays(1) })
            .Build();
        processor.Start();
        processor.Publish("a", 0, 1);
        processor.Publish("a", 100, 1);
        await Assert.ThrowsAsync<PipelineException>(() => processor.Completion);

        await Assert.ThrowsAsync<PipelineException>(
            () => processor.Durability!.WhenDurableAsync(TestContext.Current.CancellationToken));
        await Assert.ThrowsAsync<PipelineException>(
            () => processor.Durability!.TakeSnapshotAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>Dropped events count on from run to run: those that may not have arrived are told again.</summary>
    [Fact]
    public async Task Build_AfterAKill_TellsDroppedEventsThatMayNotHaveArrived()
    {
        var sink = new CollectingDroppedEventSink<string>();
        await using (var first = BuildByHand(_directory, sink))
        {
            Drop(first, 5);
            await first.StopAsync(StopMode.Suspend, TestContext.Current.CancellationToken);
        }

        Assert.Equal(5, sink.Count);
        await using var killed = BuildByHand(_directory, sink);
        Drop(killed, 3);
        killed.Parts.Durable!.SyncNow();
        var again = new CollectingDroppedEventSink<string>();
        await using var third = BuildByHand(Copy(), again);
        Assert.Equal(3, again.Count);
    }

    /// <summary>A snapshot that is ahead of what has arrived of them is not begun with.</summary>
    [Fact]
    public async Task Build_SnapshotIsAheadOfDroppedEvents_BeginsBeforeIt()
    {
        await using var killed = BuildByHand(_directory, new CollectingDroppedEventSink<string>());
        Drop(killed, 5);
        killed.Parts.Durable!.SyncNow();
        killed.Parts.Durable.Follow();
        killed.Parts.Durable.Save();

        var again = new CollectingDroppedEventSink<string>();
        await using var second = BuildByHand(Copy(), again);
        Assert.Equal(5, again.Count);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static StreamProcessor<string> BuildByHand(string directory, CollectingDroppedEventSink<string> sink) =>
        Processors.Tumbling(100).Counting(ExecutionMode.Inline)
            .DroppedEventsTo(sink)
            .WithTimeProvider(new VirtualClock { Ticks = 0 })
            .DurableIn(DurableSettings.Of(directory, new DurabilityOptions { SegmentBytes = 1 << 12 }) with
            {
                IsByHand = true,
            })
            .Build();

    private static void Drop(StreamProcessor<string> processor, int events)
    {
        processor.Publish("a", 1_000, 1);
        for (var at = 0; at < events; at++)
            processor.Publish("a", at, 1);
    }

    private string Copy()
    {
        var copy = Directory.CreateDirectory(Path.Combine(_directory, "copy")).FullName;
        foreach (var file in Directory.GetFiles(_directory).Where(path => Path.GetFileName(path) != "lock"))
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        return copy;
    }

    private StreamProcessor<string> Build(IAsyncResultSink<string> sink) =>
        Processors.Tumbling(100).Counting(ExecutionMode.Inline)
            .To(sink, new AsyncSinkOptions { MaxDelay = TimeSpan.Zero })
            .DurableIn(_directory, Options())
            .Build();

    private static DurabilityOptions Options() => new()
    {
        SegmentBytes = 1 << 16,
        SyncInterval = TimeSpan.FromMilliseconds(10),
    };
}
