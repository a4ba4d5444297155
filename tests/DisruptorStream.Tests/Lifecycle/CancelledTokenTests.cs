using DisruptorStream.Ingest;

namespace DisruptorStream.Tests.Lifecycle;

/// <summary>A token that is cancelled already comes before all else, in every mode and state.</summary>
public sealed class CancelledTokenTests
{
    private static readonly CancellationToken Cancelled = new(canceled: true);

    [Theory]
    [InlineData(ExecutionMode.Inline, "running")]
    [InlineData(ExecutionMode.Fused, "running")]
    [InlineData(ExecutionMode.Staged, "running")]
    [InlineData(ExecutionMode.Inline, "built")]
    [InlineData(ExecutionMode.Fused, "built")]
    [InlineData(ExecutionMode.Staged, "built")]
    [InlineData(ExecutionMode.Inline, "drained")]
    [InlineData(ExecutionMode.Fused, "drained")]
    [InlineData(ExecutionMode.Staged, "drained")]
    public async Task EveryCallThatTakesAToken_CancelledBefore_IsCancelledAndDoesNothing(
        ExecutionMode mode, string state)
    {
        await using var processor = StreamProcessorBuilder.For<(string Key, long Time)>()
            .KeyBy(one => one.Key)
            .EventTime(one => one.Time)
            .TumblingWindows(TimeSpan.FromTicks(10))
            .Aggregate(a => a.Count("count"))
            .WithOptions(Processors.Options(mode))
            .Build();
        if (state != "built")
            processor.Start();
        if (state == "drained")
            await processor.StopAsync(StopMode.Drain, CancellationToken.None).WaitAsync(Processors.Patience);
        using var keyed = state == "drained" ? null : processor.CreatePublisher("keyed");
        using var key = processor.GetKey("a");
        KeyedEvent[] ready = [new(key, 1, 1), new(key, 2, 1)];

        await Expect(() => processor.PublishAsync(("a", 1), Cancelled).AsTask());
        await Expect(() => processor.PublishAsync(new[] { ("a", 1L), ("b", 1L) }, Cancelled).AsTask());
        await Expect(() => processor.PublishAsync("a", 1, 1, Cancelled).AsTask());
        await Expect(() => processor.PublishAsync(ready[0], Cancelled).AsTask());
        await Expect(() => processor.PublishAsync(ready, Cancelled).AsTask());
        if (keyed is not null)
        {
            await Expect(() => keyed.PublishAsync("a", 1, 1, Cancelled).AsTask());
            await Expect(() => keyed.PublishAsync(ready, Cancelled).AsTask());
        }

        await Expect(() => processor.FlushAsync(Cancelled).AsTask());
        await Expect(
            () => processor.ReadResultsAsync(Cancelled).GetAsyncEnumerator(Cancelled).MoveNextAsync().AsTask());
        Assert.Equal(0, processor.GetStats().EventsPublished);
        await Expect(() => processor.StopAsync(StopMode.Complete, Cancelled));
        Assert.Equal(ProcessorState.Stopped, processor.GetStats().State);
    }

    private static async Task Expect(Func<Task> call) =>
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call().WaitAsync(Processors.Patience));
}
