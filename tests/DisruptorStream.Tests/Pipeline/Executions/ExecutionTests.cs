using System.Reflection;
using System.Runtime.CompilerServices;
using DisruptorStream.Ingest;
using DisruptorStream.Pipeline;
using DisruptorStream.Pipeline.Executions;
using DisruptorStream.Testing.Sinks;
using DisruptorStream.Tests.Telemetry;
using DisruptorStream.Topology;

namespace DisruptorStream.Tests.Pipeline.Executions;

/// <summary>A processor that nobody disposes gives its native memory back when it is collected.</summary>
public sealed class ExecutionTests
{
    public enum Store
    {
        Slices,
        Windows,
        Sessions,
    }

    [Theory]
    [InlineData(Store.Slices, false)]
    [InlineData(Store.Windows, false)]
    [InlineData(Store.Sessions, false)]
    [InlineData(Store.Slices, true)]
    public async Task Finalize_InlineNeverDisposed_FreesItsWindows(Store store, bool hasMeter)
    {
        using var meter = new SharedMeter();
        var (ended, endedShard) = Fill(store, meter: null);
        await ended.DisposeAsync();
        var freed = endedShard.Store.BytesReserved;
        var shard = Abandon(store, hasMeter ? meter : null);
        var before = shard.Store.BytesReserved;
        for (var round = 0; round < 20 && shard.Store.BytesReserved > freed; round++)
            Collect();

        Assert.InRange(freed, 0, before / 2);
        Assert.Equal(freed, shard.Store.BytesReserved);
    }

    /// <summary>As long as somebody can still publish, nothing is freed.</summary>
    [Fact]
    public void Finalize_OnlyAPublisherIsHeld_NothingIsFreed()
    {
        var sink = new CollectingSink<int>();
        var publisher = PublisherOf(sink);
        for (var key = 0; key < 1000; key++)
        {
            publisher.Publish(key, 1, 1);
            if (key % 250 == 0)
                Collect();
        }

        publisher.Publish(0, 100, 1);

        Assert.Equal(1000, sink.Texts().Count);
    }

    [Fact]
    public void Dispose_OfAnExecution_FreesOnce()
    {
        var freed = new StrongBox<int>();
        Make(freed, disposes: true);
        Make(freed, disposes: false);
        for (var round = 0; round < 20 && freed.Value < 2; round++)
            Collect();
        Collect();

        Assert.Equal(2, freed.Value);

        [MethodImpl(MethodImplOptions.NoInlining)]
        static void Make(StrongBox<int> freed, bool disposes)
        {
            var execution = new Counted(freed);
            if (disposes)
                execution.Dispose();
        }
    }

    private static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static KeyedPublisher<int> PublisherOf(CollectingSink<int> sink)
    {
        var processor = StreamProcessorBuilder.ForKeys<int>().TumblingWindows(TimeSpan.FromTicks(10))
            .Aggregate(a => a.Count("count")).WithOptions(Processors.Options(ExecutionMode.Inline)).To(sink).Build();
        return processor.CreatePublisher("held");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static AggregationStage Abandon(Store store, SharedMeter? meter) => Fill(store, meter).Shard;

    /// <summary>Its shard refers to nothing that leads back to the processor where keys are kept for ever.</summary>
    private static (StreamProcessor<int> Processor, AggregationStage Shard) Fill(Store store, SharedMeter? meter)
    {
        var keys = StreamProcessorBuilder.ForKeys<int>();
        var ten = TimeSpan.FromTicks(10);
        var step = (store switch
        {
            Store.Windows => keys.TumblingWindows(ten).Early(count: 100),
            Store.Sessions => keys.SessionWindows(ten),
            _ => keys.TumblingWindows(ten),
        }).Aggregate(a => a.Count("count").Percentile("p95", 95).Distinct("distinct"))
            .WithOptions(Processors.Options(ExecutionMode.Inline) with { WindowRetention = TimeSpan.MaxValue })
            .To(new CollectingSink<int>());
        var processor = (meter is null ? step : step.WithMeterFactory(meter)).Build();
        for (var key = 0; key < 1000; key++)
            processor.Publish(key, 1, key);
        var parts = (ProcessorParts)typeof(EventProcessor)
            .GetField("_parts", BindingFlags.NonPublic | BindingFlags.Instance)!.GetValue(processor)!;
        return (processor, parts.Queries[0].Stages[0]);
    }

    private sealed class Counted : Execution
    {
        public Counted(StrongBox<int> freed)
            : base([new Owned(freed)])
        {
        }

        public override Task Completion => Task.CompletedTask;

        public override bool IsDrained => true;

        public override void Start()
        {
        }

        public override void Halt()
        {
        }
    }

    private sealed class Owned : IDisposable
    {
        private readonly StrongBox<int> _freed;

        public Owned(StrongBox<int> freed) => _freed = freed;

        public void Dispose() => Interlocked.Increment(ref _freed.Value);
    }
}
