using System.Diagnostics;
using DisruptorStream.Durability;
using DisruptorStream.Emission;
using DisruptorStream.Ingest;
using DisruptorStream.LoadTests.Measuring;
using DisruptorStream.LoadTests.Workloads;
using DisruptorStream.Topology.Durable;
using DisruptorStream.Topology.Durable.Recording;

namespace DisruptorStream.LoadTests.Durable;

/// <summary>
/// W1 by a thread of its own, with a journal or without: from the first event until all results are delivered, and,
/// with a journal, all is synced.
/// </summary>
internal sealed class JournalLoad
{
    private const int BatchEvents = 8192;
    private const int BeforeShare = 5;

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    private readonly Workload _work = Workload.Find("W1")!;
    private readonly InputEvent[] _input;
    private readonly KeyedEvent[] _events;

    /// <param name="count">Events of a lap.</param>
    public JournalLoad(int count)
    {
        _input = _work.Generate(count);
        _events = new KeyedEvent[count];
    }

    public int Count => _input.Length;

    /// <summary>The processor: not started.</summary>
    public StreamProcessor<int> Build(
        IResultSink<int> sink, DurableSettings? durable, ExecutionMode mode, RecorderSettings? recorder = null) =>
        _work.Ask(_work.Windows(StreamProcessorBuilder.ForKeys<int>()))
            .To(sink)
            .WithOptions(new StreamProcessorOptions { Mode = mode, FutureSkewLimit = null })
            .DurableIn(durable)
            .RecordTo(recorder)
            .Build();

    /// <param name="durable">Where the journal is; null for none.</param>
    /// <param name="recorder">What its flight recorder keeps; null for none.</param>
    /// <param name="mode">Who runs the stages.</param>
    public JournalLap Run(
        DurableSettings? durable,
        RecorderSettings? recorder = null,
        ExecutionMode mode = ExecutionMode.Fused)
    {
        var sink = new DigestSink(_work);
        var processor = Build(sink, durable, mode, recorder);
        var files = durable?.Files as CountedFiles;
        processor.Start();
        using var publisher = processor.CreatePublisher("load");
        WarmUp(processor, publisher);
        sink.StartOver();
        var before = files?.Counts ?? default;
        var after = before;
        var lap = Lap.Of(
            Count,
            () =>
            {
                Publish(publisher, _events);
                Settle(processor);
                after = files?.Counts ?? default;
            },
            () =>
            {
                publisher.Complete();
                processor.StopAsync(StopMode.Complete).GetAwaiter().GetResult();
                return (sink.Digest.Results, sink.Digest.Sum);
            });
        if (processor.FlightRecorder?.GetStats() is { Failure: { } failure })
            throw new InvalidOperationException($"There is no recording: {failure}");
        processor.DisposeAsync().AsTask().GetAwaiter().GetResult();
        return new JournalLap(lap, after - before);
    }

    /// <summary>Publishes all, and ends as a crash does: what is durable is left behind.</summary>
    /// <returns>The results of the windows that had been over.</returns>
    public (long Results, ulong Sum) Leave(DurableSettings durable)
    {
        var sink = new EmptyHandedSink(_work);
        var processor = Build(sink, durable, ExecutionMode.Fused);
        processor.Start();
        using (var publisher = processor.CreatePublisher("load"))
        {
            WarmUp(processor, publisher);
            Publish(publisher, _events);
            Settle(processor);
        }

        processor.DisposeAsync().AsTask().GetAwaiter().GetResult();
        return sink.Digest;
    }

    /// <summary>Builds the processor again, and ends it as a crash does.</summary>
    public (RecoveryReport Recovery, (long Results, ulong Sum) Digest) Recover(DurableSettings durable)
    {
        var sink = new EmptyHandedSink(_work);
        var processor = Build(sink, durable, ExecutionMode.Fused);
        var recovery = processor.Durability!.Recovery;
        processor.DisposeAsync().AsTask().GetAwaiter().GetResult();
        return (recovery, sink.Digest);
    }

    /// <summary>Has somebody publish the events: so many from a place on.</summary>
    public void Publish(DurableSettings durable, Action<Action<int, int>> work)
    {
        var processor = Build(new DigestSink(_work), durable, ExecutionMode.Fused);
        processor.Start();
        using (var publisher = processor.CreatePublisher("load"))
        {
            WarmUp(processor, publisher);
            work((first, count) => publisher.Publish(_events.AsSpan(first, count)));
        }

        processor.StopAsync(StopMode.Complete).GetAwaiter().GetResult();
        processor.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    /// <summary>All keys, and windows that are over before the events of the lap begin.</summary>
    private void WarmUp(StreamProcessor<int> processor, KeyedPublisher<int> publisher)
    {
        var handles = new KeyHandle[_work.Keys];
        for (var key = 0; key < handles.Length; key++)
            handles[key] = processor.GetKey(key);
        var back = ((Count / BeforeShare / _work.PerMillisecond / _work.SizeMilliseconds) + 2) * _work.SizeMilliseconds;
        Fill(handles, _input.AsSpan(0, Count / BeforeShare), back);
        Publish(publisher, _events.AsSpan(0, Count / BeforeShare));
        publisher.AdvanceWatermark(-1);
        Fill(handles, _input, back: 0);
        Settle(processor);

        // The shadow has its memory too, once it has been through windows.
        var patience = Stopwatch.GetTimestamp();
        while (processor.Durability?.GetStats() is { } stats && stats.ShadowSequence < stats.DurableSequence
            && Stopwatch.GetElapsedTime(patience) < LongestWait)
        {
            Thread.Sleep(1);
        }
    }

    private void Fill(KeyHandle[] handles, ReadOnlySpan<InputEvent> input, long back)
    {
        for (var index = 0; index < input.Length; index++)
        {
            ref readonly var next = ref input[index];
            _events[index] = new KeyedEvent(
                handles[next.Key], (next.Milliseconds - back) * TimeSpan.TicksPerMillisecond, next.Value);
        }
    }

    private static void Publish(KeyedPublisher<int> publisher, ReadOnlySpan<KeyedEvent> events)
    {
        for (var at = 0; at < events.Length; at += BatchEvents)
            publisher.Publish(events.Slice(at, Math.Min(BatchEvents, events.Length - at)));
    }

    private static void Settle(StreamProcessor<int> processor)
    {
        processor.FlushAsync().AsTask().GetAwaiter().GetResult();
        processor.Durability?.WhenDurableAsync().GetAwaiter().GetResult();
    }
}
