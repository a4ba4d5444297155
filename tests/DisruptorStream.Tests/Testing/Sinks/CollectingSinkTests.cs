using DisruptorStream.Testing;
using DisruptorStream.Testing.Sinks;

namespace DisruptorStream.Tests.Testing.Sinks;

public sealed class CollectingSinkTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WaitForAsync_ResultsOfAWorker_CompletesWithOwnedCopies()
    {
        var sink = new CollectingSink<string>();
        await using var processor = Processors.Tumbling(10).Counting(ExecutionMode.Fused).To(sink).Build();
        processor.Start();
        var waiting = sink.WaitForAsync(3, cancellationToken: Token);
        for (var i = 0; i < 4; i++)
            processor.Publish($"k{i}", i * 10, 1);

        var results = await waiting;

        Assert.Equal(["k0", "k1", "k2"], results.Take(3).Select(result => result.Key));
        Assert.Equal(3, sink.Count);
        Assert.Equal(3, (await sink.WaitForAsync(2, cancellationToken: Token)).Count);
        sink.Clear();
        Assert.Empty(sink.Results);
    }

    [Fact]
    public async Task WaitForAsync_TooFewInTime_SaysHowManyCame()
    {
        var sink = new CollectingSink<string>();
        await using var processor = Processors.Tumbling(10).Counting(ExecutionMode.Inline).To(sink).Build();
        processor.Publish("a", 0, 1);
        await processor.StopAsync(StopMode.Complete, Token);

        var error = await Assert.ThrowsAsync<StreamTestException>(
            () => sink.WaitForAsync(2, TimeSpan.FromMilliseconds(1), Token));

        Assert.Contains("there came 1 results, not 2; the last is a [", error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => sink.WaitForAsync(-1, cancellationToken: Token));
    }

    [Fact]
    public async Task WaitForAsync_CancelledToken_EndsTheWait()
    {
        using var cancellation = new CancellationTokenSource();
        var waiting = new CollectingSink<string>().WaitForAsync(1, cancellationToken: cancellation.Token);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public async Task WaitForAsync_DroppedEvents_CompletesWithTheirReasons()
    {
        var sink = new CollectingDroppedEventSink<string>();
        await using var processor = Processors.Tumbling(10).Counting(ExecutionMode.Fused).DroppedEventsTo(sink).Build();
        processor.Start();
        processor.Publish("a", 50, 1);
        processor.Publish("b", 3, 4);

        var dropped = await sink.WaitForAsync(1, cancellationToken: Token);

        Assert.Equal("Late: key b at 3 ticks, value 4", dropped[0].ToString());
        Assert.Equal(1, sink.Count);
        sink.Clear();
        Assert.Empty(sink.Dropped);
    }
}
