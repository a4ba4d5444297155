using DisruptorStream.Testing.Sinks;

namespace DisruptorStream.Tests.Testing.Sinks;

public sealed class GatedSinkTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task OnResults_Closed_HoldsTheWorkerUntilItIsOpened()
    {
        var collecting = new CollectingSink<string>();
        using var sink = new GatedSink<string>(collecting);
        var options = Processors.Options(ExecutionMode.Fused) with { RingCapacity = 64 };
        await using var processor = Processors.Tumbling(10).Counting(ExecutionMode.Fused).WithOptions(options)
            .To(sink).Build();
        processor.Start();
        processor.Publish("a", 0, 1);
        processor.Publish("a", 10, 1);
        await sink.WaitForCallAsync(cancellationToken: Token);
        var published = 2;
        while (processor.TryPublish("a", 10, 1))
            published++;
        Assert.Equal(0, collecting.Count);

        sink.Open();
        await processor.StopAsync(StopMode.Complete, Token);

        Assert.Equal(published - 1, collecting.Results[^1]["count"]);
        Assert.Equal(2, sink.Calls);
    }

    [Fact]
    public async Task Dispose_CallThatIsHeld_GoesOn()
    {
        var sink = new GatedSink<string>();
        sink.Open();
        sink.Close();
        await using var processor = Processors.Tumbling(10).Counting(ExecutionMode.Fused).To(sink).Build();
        processor.Start();
        processor.Publish("a", 0, 1);
        var stopping = processor.StopAsync(StopMode.Complete, Token);
        await sink.WaitForCallAsync(1, cancellationToken: Token);
        Assert.False(stopping.IsCompleted);

        sink.Dispose();

        await stopping;
    }
}
