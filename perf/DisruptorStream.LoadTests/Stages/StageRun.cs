using DisruptorStream.Ingest;
using DisruptorStream.LoadTests.Measuring;
using DisruptorStream.LoadTests.Workloads;

namespace DisruptorStream.LoadTests.Stages;

/// <summary>A workload through an Inline processor whose stages are timed, and of which one may be slowed.</summary>
internal sealed class StageRun
{
    private readonly Workload _work;
    private readonly InputEvent[] _input;

    public StageRun(Workload work, InputEvent[] input)
    {
        _work = work;
        _input = input;
    }

    /// <summary>The stage that takes twice as long, if any.</summary>
    public PipelineStage? Slowed { get; init; }

    /// <summary>Whether results are summed up instead of digested, so that a sink takes next to nothing.</summary>
    public bool SumsUp { get; init; }

    public StageTimes Times { get; } = new();

    public Lap Run()
    {
        var (sum, digest) = (new StageSink(), new DigestSink(_work));
        var open = OpenProcessor.Of(_work.Ask(_work.Windows(StreamProcessorBuilder.ForKeys<int>()))
            .WithOptions(new StreamProcessorOptions { Mode = ExecutionMode.Inline, FutureSkewLimit = null })
            .To(SumsUp ? sum : digest));
        var processor = open.Processor;
        processor.Start();
        var handles = new KeyHandle[_work.Keys];
        for (var key = 0; key < handles.Length; key++)
            handles[key] = processor.GetKey(key);
        var events = Array.ConvertAll(_input, input => new KeyedEvent(
            handles[input.Key], input.Milliseconds * TimeSpan.TicksPerMillisecond, input.Value));
        using var watch = new StageWatch(open, Times, Slowed);
        var lap = Lap.Of(
            _input.Length,
            () =>
            {
                Publish(processor, events, watch);
                processor.StopAsync(StopMode.Complete).GetAwaiter().GetResult();
            },
            () => SumsUp ? (sum.Results, sum.Sum) : (digest.Digest.Results, digest.Digest.Sum));
        processor.DisposeAsync().AsTask().GetAwaiter().GetResult();
        Times.EndRun(_input.Length);
        return lap;
    }

    private static void Publish(StreamProcessor<int> processor, KeyedEvent[] events, StageWatch watch)
    {
        using var publisher = processor.CreatePublisher("load");
        for (var at = 0; at < events.Length; at += StageLoop.BlockEvents)
        {
            var batch = events.AsSpan(at, Math.Min(StageLoop.BlockEvents, events.Length - at));
            StageLoop.Touch<KeyedEvent>(batch);
            watch.BeginCall();
            publisher.Publish(batch);
            watch.EndCall();
        }

        publisher.Complete();
    }
}
