using DisruptorStream.Emission;
using DisruptorStream.Ingest;
using DisruptorStream.Testing.Sinks;

namespace DisruptorStream.Tests.Lifecycle;

/// <summary>A publisher that is disposed where there is no room leaves all the same, and its name is free.</summary>
public sealed class SourceRemovalTests
{
    [Theory]
    [InlineData(ExecutionMode.Inline)]
    [InlineData(ExecutionMode.Fused)]
    [InlineData(ExecutionMode.Staged)]
    public async Task Dispose_ResultBufferFull_TakesTheSourceOutOnceThereIsRoom(ExecutionMode mode)
    {
        var target = await LifecycleStates.ReachAsync("nobody reads", mode, isOther: false);

        target.Publisher.Dispose();
        Assert.DoesNotContain(target.Processor.GetSources(), source => source.Name == "target");
        var reader = Task.Run(async () =>
        {
            await foreach (var result in target.Processor.ReadResultsAsync())
                Assert.Equal("a", result.Key);
        });
        Assert.True(SpinWait.SpinUntil(
            () => target.Processor.GetStats() is { BufferedResults: 0, RingBacklog: 0 }, Target.Patience));
        await Task.Run(() => target.Processor.CreatePublisher("target")).WaitAsync(Target.Patience);
        await target.Processor.FlushAsync().AsTask().WaitAsync(Target.Patience);

        Assert.Contains(target.Processor.GetSources(), source => source.Name == "target");
        await target.Processor.StopAsync(StopMode.Complete).WaitAsync(Target.Patience);
        await reader.WaitAsync(Target.Patience);
    }

    [Fact]
    public async Task Dispose_NotStartedAndFull_LetsTheWatermarkGoOnWhenStarted()
    {
        var collector = new CollectingSink<string>();
        await using var processor = Processors.Tumbling(10)
            .Aggregate(a => a.Count("count"))
            .WithOptions(Processors.Options(ExecutionMode.Fused) with { RingCapacity = 64 })
            .To(collector)
            .Build();
        var silent = processor.CreatePublisher("silent");
        var time = 0;
        while (processor.TryPublish("a", time, 1))
            time++;

        silent.Dispose();
        processor.Start();
        await processor.FlushAsync().AsTask().WaitAsync(Target.Patience);
        await processor.FlushAsync().AsTask().WaitAsync(Target.Patience);

        Assert.Equal("a [0, 10) OnTime 10", collector.Texts()[0]);
        Assert.Single(processor.GetSources());
    }

    [Fact]
    public async Task Dispose_FromAnInlineSink_TakesTheSourceOutWhenTheCallReturns()
    {
        KeyedPublisher<string>? other = null;
        await using var processor = Processors.Tumbling(1).Counting(ExecutionMode.Inline)
            .To(new DisposingSink(() => other!))
            .Build();
        other = processor.CreatePublisher("other");
        other.MarkIdle();

        processor.Publish("a", 1, 1);
        processor.Publish("a", 2, 1);

        Assert.Equal("default", Assert.Single(processor.GetSources()).Name);
        processor.CreatePublisher("other").Dispose();
    }

    [Fact]
    public async Task Dispose_ProcessorEnded_DoesNothing()
    {
        var processor = Processors.Tumbling(1).Counting(ExecutionMode.Fused).Build();
        var publisher = processor.CreatePublisher("one");
        await processor.DisposeAsync();

        publisher.Dispose();
        publisher.Dispose();
    }

    private sealed class DisposingSink : IResultSink<string>
    {
        private readonly Func<KeyedPublisher<string>> _publisher;

        public DisposingSink(Func<KeyedPublisher<string>> publisher) => _publisher = publisher;

        public void OnResults(ResultBatch<string> batch) => _publisher().Dispose();
    }
}
