using System.Diagnostics.Metrics;
using System.Globalization;
using DisruptorStream.Aggregation;
using DisruptorStream.Building;
using DisruptorStream.Ingest;
using DisruptorStream.LoadTests.Workloads;

namespace DisruptorStream.LoadTests.Measuring;

/// <summary>A workload through the engine, from an array in memory to a sink that digests the results.</summary>
internal sealed class EngineRun
{
    private const int BatchEvents = 8192;

    private readonly Workload _work;
    private readonly InputEvent[] _input;
    private readonly StreamProcessorOptions _options;

    public EngineRun(Workload work, InputEvent[] input, ExecutionMode mode, int shards = 1)
    {
        _work = work;
        _input = input;
        _options = new StreamProcessorOptions { Mode = mode, FutureSkewLimit = null, ShardCount = shards };
    }

    /// <summary>Where the results go beside the digest, if anywhere.</summary>
    public Func<DigestSink>? NewSink { get; init; }

    public int Producers { get; init; } = 1;

    /// <summary>Whether the latency of the results is measured.</summary>
    public bool MeasuresLatency
    {
        get => _options.MeasureLatency;
        init => _options = _options with { MeasureLatency = value };
    }

    /// <summary>Where the processor has its meter from, if anywhere.</summary>
    public IMeterFactory? MeterFactory { get; init; }

    /// <summary>Called inside the lap when all is published, before the end.</summary>
    public Action? OnPublished { get; init; }

    public Lap Run() => _work.IsSingle ? RunSingle() : RunBatches();

    /// <summary>What the aggregations of the workload are.</summary>
    private void Aggregate(AggregateBuilder aggregate)
    {
        if (_work.Percentiles)
            aggregate.Percentile("p50", 50).Percentile("p95", 95).Percentile("p99", 99);
        else
            aggregate.Count("count").Sum("sum").Min("min").Max("max").Average("avg");
    }

    private BuildStep<StreamProcessor<TKey>, TKey> Metered<TKey>(BuildStep<StreamProcessor<TKey>, TKey> step)
        where TKey : notnull, IEquatable<TKey> =>
        MeterFactory is null ? step : step.WithMeterFactory(MeterFactory);

    private Lap RunBatches()
    {
        var sink = NewSink?.Invoke() ?? new DigestSink(_work);
        var processor = Metered(_work.Windows(StreamProcessorBuilder.ForKeys<int>())
            .Aggregate(Aggregate)
            .WithOptions(_options)
            .To(sink)).Build();
        processor.Start();
        var events = Prepare(processor);
        var lap = Lap.Of(
            _input.Length,
            () =>
            {
                Publish(processor, events);
                OnPublished?.Invoke();
                processor.StopAsync(StopMode.Complete).GetAwaiter().GetResult();
            },
            () => (sink.Digest.Results, sink.Digest.Sum));
        processor.DisposeAsync().AsTask().GetAwaiter().GetResult();
        return lap;
    }

    private KeyedEvent[] Prepare(StreamProcessor<int> processor)
    {
        var handles = new KeyHandle[_work.Keys];
        for (var key = 0; key < handles.Length; key++)
            handles[key] = processor.GetKey(key);
        var events = new KeyedEvent[_input.Length];
        for (var index = 0; index < events.Length; index++)
        {
            ref readonly var input = ref _input[index];
            events[index] = new KeyedEvent(
                handles[input.Key], input.Milliseconds * TimeSpan.TicksPerMillisecond, input.Value);
        }

        return events;
    }

    private void Publish(StreamProcessor<int> processor, KeyedEvent[] events)
    {
        if (Producers == 1)
        {
            using var publisher = processor.CreatePublisher("load");
            PublishShare(publisher, events, 0);
            return;
        }

        // All exist before one of them starts: the watermark waits for the slowest.
        var publishers = new KeyedPublisher<int>[Producers];
        var threads = new Thread[Producers];
        for (var index = 0; index < Producers; index++)
            publishers[index] = processor.CreatePublisher($"load-{index}");
        for (var index = 0; index < Producers; index++)
        {
            var share = index;
            threads[index] = new Thread(() => PublishShare(publishers[share], events, share));
            threads[index].Start();
        }

        for (var index = 0; index < Producers; index++)
            threads[index].Join();
        foreach (var publisher in publishers)
            publisher.Dispose();
    }

    /// <summary>Every so-manieth batch: each producer has all times.</summary>
    private void PublishShare(KeyedPublisher<int> publisher, KeyedEvent[] events, int share)
    {
        for (var at = share * BatchEvents; at < events.Length; at += BatchEvents * Producers)
            publisher.Publish(events.AsSpan(at, Math.Min(BatchEvents, events.Length - at)));
        publisher.Complete();
    }

    private Lap RunSingle()
    {
        var sink = new TextDigestSink();
        var processor = Metered(_work.Windows(StreamProcessorBuilder.ForKeys<string>())
            .Aggregate(Aggregate)
            .WithOptions(_options)
            .To(sink)).Build();
        processor.Start();
        var keys = new string[_work.Keys];
        for (var key = 0; key < keys.Length; key++)
            keys[key] = key.ToString(CultureInfo.InvariantCulture);
        var lap = Lap.Of(
            _input.Length,
            () =>
            {
                using (var publisher = processor.CreatePublisher("load"))
                {
                    foreach (ref readonly var next in _input.AsSpan())
                        publisher.Publish(keys[next.Key], next.Milliseconds * TimeSpan.TicksPerMillisecond, next.Value);
                }

                OnPublished?.Invoke();
                processor.StopAsync(StopMode.Complete).GetAwaiter().GetResult();
            },
            () => (sink.Digest.Results, sink.Digest.Sum));
        processor.DisposeAsync().AsTask().GetAwaiter().GetResult();
        return lap;
    }
}
