using System.Diagnostics.Metrics;
using System.Globalization;
using System.Runtime.InteropServices;
using DisruptorStream.Building;
using DisruptorStream.Ingest;
using DisruptorStream.LoadTests.Workloads;

namespace DisruptorStream.LoadTests.Measuring;

/// <summary>A workload through the engine, from an array in memory to a sink that digests the results.</summary>
internal sealed class EngineRun
{
    private const int BatchEvents = 8192;
    private const int ClaimEvents = 512;
    private const int BeforeShare = 5;
    private const int BeforePerKey = 2;

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

    public Lap Run() => _work.Publishing switch
    {
        Publishing.Single => RunSingle(),
        Publishing.Typed => RunTyped(),
        Publishing.TypedText => RunTypedText(),
        _ => RunKeyed(),
    };

    private TStep Complete<TStep, TProcessor, TKey>(BuildStepBase<TStep, TProcessor, TKey> asked)
        where TStep : BuildStepBase<TStep, TProcessor, TKey>
        where TKey : notnull
    {
        var step = asked.WithOptions(_options);
        return MeterFactory is null ? step : step.WithMeterFactory(MeterFactory);
    }

    private Lap RunKeyed()
    {
        var sink = NewSink?.Invoke() ?? new DigestSink(_work);
        var keyed = StreamProcessorBuilder.ForKeys<int>();
        for (var index = 0; _work.Metrics == MetricSet.Measures && index < Measures.Count; index++)
            keyed = keyed.Measure($"measure{index}");
        var processor = Complete(_work.Ask(_work.Windows(keyed))).To(sink).Build();
        processor.Start();
        var handles = new KeyHandle[_work.Keys];
        for (var key = 0; key < handles.Length; key++)
            handles[key] = processor.GetKey(key);
        if (_work.Publishing != Publishing.Claims && Producers > 1)
        {
            var shared = Prepare(handles, _input);
            return Measure(processor, sink.Digest, () => PublishShares(processor, shared));
        }

        using var publisher = processor.CreatePublisher("load");
        if (_work.Publishing == Publishing.Claims)
        {
            PublishClaims(publisher, EventsBefore(), handles);
            Settle(processor, publisher);
            sink.StartOver();
            return Measure(processor, sink.Digest, () =>
            {
                PublishClaims(publisher, _input, handles);
                publisher.Complete();
            });
        }

        var events = Prepare(handles, _input);
        var before = EventsBefore();
        for (var at = 0; at < before.Length; at += BatchEvents)
            publisher.Publish(Prepare(handles, before.AsSpan(at, Math.Min(BatchEvents, before.Length - at))));
        Settle(processor, publisher);
        sink.StartOver();
        return Measure(processor, sink.Digest, () => PublishShare(publisher, events, 0));
    }

    /// <summary>
    /// What a processor has been through that runs for longer than a moment: windows that are all over before the
    /// measured events begin. The loops have their memory before their lap as well.
    /// </summary>
    private InputEvent[] EventsBefore()
    {
        // With many keys, a small share of few events leaves much of the memory untouched.
        var count = Math.Max(_input.Length / BeforeShare, Math.Min(_input.Length, BeforePerKey * _work.Keys));
        var events = _input.AsSpan(0, count).ToArray();
        var back = (events.Length / _work.PerMillisecond) + _work.SizeMilliseconds + _work.GapMilliseconds
            + _work.LatenessMilliseconds + _work.OutOfOrderMilliseconds + 1;

        // Windows begin at the same place in theirs as those of the measured events do.
        back += _work.SlideMilliseconds - (back % _work.SlideMilliseconds);
        foreach (ref var next in events.AsSpan())
            next.Milliseconds -= back;
        return events;
    }

    private static void Settle<TKey>(StreamProcessor<TKey> processor, SourcePublisher publisher)
        where TKey : notnull
    {
        publisher.AdvanceWatermark(-1);
        processor.FlushAsync().AsTask().GetAwaiter().GetResult();
    }

    private Lap Measure<TKey>(StreamProcessor<TKey> processor, ResultDigest digest, Action publish)
        where TKey : notnull
    {
        var lap = Lap.Of(
            _input.Length,
            () =>
            {
                publish();
                OnPublished?.Invoke();
                processor.StopAsync(StopMode.Complete).GetAwaiter().GetResult();
            },
            () => (digest.Results, digest.Sum));
        processor.DisposeAsync().AsTask().GetAwaiter().GetResult();
        return lap;
    }

    private static KeyedEvent[] Prepare(KeyHandle[] handles, ReadOnlySpan<InputEvent> input)
    {
        var events = new KeyedEvent[input.Length];
        for (var index = 0; index < events.Length; index++)
        {
            ref readonly var next = ref input[index];
            events[index] = new KeyedEvent(
                handles[next.Key], next.Milliseconds * TimeSpan.TicksPerMillisecond, next.Value);
        }

        return events;
    }

    private void PublishShares(StreamProcessor<int> processor, KeyedEvent[] events)
    {
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

    private void PublishClaims(KeyedPublisher<int> publisher, InputEvent[] input, KeyHandle[] handles)
    {
        for (var at = 0; at < input.Length;)
        {
            var events = input.AsSpan(at, Math.Min(ClaimEvents, input.Length - at));
            at += _work.Metrics == MetricSet.Measures
                ? ClaimMeasures(publisher, events, handles)
                : ClaimValues(publisher, events, handles);
        }
    }

    /// <returns>How many there was room for.</returns>
    private static int ClaimValues(
        KeyedPublisher<int> publisher, ReadOnlySpan<InputEvent> events, KeyHandle[] handles)
    {
        using var claim = publisher.Claim(events.Length);
        foreach (ref readonly var next in events[..claim.Capacity])
            claim.Add(handles[next.Key], next.Milliseconds * TimeSpan.TicksPerMillisecond, next.Value);
        claim.Publish();
        return claim.Count;
    }

    /// <returns>How many there was room for.</returns>
    private static int ClaimMeasures(
        KeyedPublisher<int> publisher, ReadOnlySpan<InputEvent> events, KeyHandle[] handles)
    {
        Span<double> measures = stackalloc double[Measures.Count];
        var bits = MemoryMarshal.Cast<double, long>(measures);
        using var claim = publisher.Claim(events.Length);
        foreach (ref readonly var next in events[..claim.Capacity])
        {
            Measures.Of(next.Value, measures);
            claim.AddBits(handles[next.Key], next.Milliseconds * TimeSpan.TicksPerMillisecond, bits);
        }

        claim.Publish();
        return claim.Count;
    }

    private Lap RunTyped()
    {
        var sink = new DigestSink(_work);
        var processor = Complete(_work.Ask(_work.Windows(StreamProcessorBuilder.For<InputEvent>()
            .KeyBy(static next => next.Key)
            .EventTime(static next => next.Milliseconds * TimeSpan.TicksPerMillisecond)
            .Measure("value", static next => next.Value)))).To(sink).Build();
        return MeasureTyped(processor, sink.StartOver, () => sink.Digest);
    }

    private Lap RunTypedText()
    {
        var sink = new TextDigestSink();
        var texts = TextKeys();
        var processor = Complete(_work.Ask(_work.Windows(StreamProcessorBuilder.For<InputEvent>()
            .KeyBy(next => texts[next.Key])
            .EventTime(static next => next.Milliseconds * TimeSpan.TicksPerMillisecond)
            .Measure("value", static next => next.Value)))).To(sink).Build();
        return MeasureTyped(processor, sink.StartOver, () => sink.Digest);
    }

    private Lap MeasureTyped<TKey>(
        StreamProcessor<InputEvent, TKey> processor, Action startOver, Func<ResultDigest> digest)
        where TKey : notnull
    {
        processor.Start();
        using var publisher = processor.CreateEventPublisher("load");
        publisher.Publish(EventsBefore());
        Settle(processor, publisher);
        startOver();
        return Measure(processor, digest(), () =>
        {
            for (var at = 0; at < _input.Length; at += BatchEvents)
                publisher.Publish(_input.AsSpan(at, Math.Min(BatchEvents, _input.Length - at)));
            publisher.Complete();
        });
    }

    private Lap RunSingle()
    {
        var sink = new TextDigestSink();
        var processor = Complete(_work.Ask(_work.Windows(StreamProcessorBuilder.ForKeys<string>()))).To(sink).Build();
        processor.Start();
        var texts = TextKeys();
        using var publisher = processor.CreatePublisher("load");
        PublishEach(publisher, EventsBefore(), texts);
        Settle(processor, publisher);
        sink.StartOver();
        return Measure(processor, sink.Digest, () =>
        {
            PublishEach(publisher, _input, texts);
            publisher.Complete();
        });
    }

    private string[] TextKeys()
    {
        var texts = new string[_work.Keys];
        for (var key = 0; key < texts.Length; key++)
            texts[key] = key.ToString(CultureInfo.InvariantCulture);
        return texts;
    }

    private static void PublishEach(KeyedPublisher<string> publisher, InputEvent[] input, string[] keys)
    {
        foreach (ref readonly var next in input.AsSpan())
            publisher.Publish(keys[next.Key], next.Milliseconds * TimeSpan.TicksPerMillisecond, next.Value);
    }
}
