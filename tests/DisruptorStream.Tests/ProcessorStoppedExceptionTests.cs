namespace DisruptorStream.Tests;

public sealed class ProcessorStoppedExceptionTests
{
    [Theory]
    [InlineData(ExecutionMode.Inline, StopMode.Drain)]
    [InlineData(ExecutionMode.Inline, StopMode.Abort)]
    [InlineData(ExecutionMode.Fused, StopMode.Drain)]
    [InlineData(ExecutionMode.Fused, StopMode.Abort)]
    public async Task Message_OfAStoppedProcessor_NamesIt(ExecutionMode mode, StopMode stop)
    {
        var processor = Processors.Tumbling(1).Counting(mode).WithName("calls").Build();
        processor.Start();
        await processor.StopAsync(stop, TestContext.Current.CancellationToken);

        var published = Assert.Throws<ProcessorStoppedException>(() => processor.Publish("a", 1, 1));
        var started = Assert.Throws<ProcessorStoppedException>(processor.Start);

        const string Expected = "The processor 'calls' was stopped and takes no more events; build a new one to go on.";
        Assert.Equal((Expected, Expected), (published.Message, started.Message));
    }

    [Fact]
    public async Task Message_OfAnAbortThatDiscarded_NamesTheProcessor()
    {
        var processor = Processors.Tumbling(1).Counting(ExecutionMode.Fused).WithName("calls").Build();
        processor.Publish("a", 1, 1);
        await processor.DisposeAsync();

        var error = await Assert.ThrowsAsync<ProcessorStoppedException>(
            () => processor.FlushAsync(TestContext.Current.CancellationToken).AsTask());

        Assert.StartsWith("The processor 'calls' was aborted", error.Message, StringComparison.Ordinal);
    }
}
