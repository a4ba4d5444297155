using DisruptorStream.Building;
using DisruptorStream.Ingest;
using DisruptorStream.LoadTests.Measuring;

namespace DisruptorStream.LoadTests.Texts;

/// <summary>The engine over events of a user's own type, read by selectors.</summary>
/// <typeparam name="TCall">The events.</typeparam>
/// <typeparam name="TKey">Their keys.</typeparam>
internal sealed record CallEngine<TCall, TKey>
    where TKey : notnull
{
    /// <summary>Events in a call that publishes several.</summary>
    public const int BatchEvents = 8192;

    /// <summary>Inline or with a worker.</summary>
    public required ExecutionMode Mode { get; init; }

    /// <summary>Begins to build the processor.</summary>
    public required Func<MeasuresStep<TCall, TKey>> Read { get; init; }

    /// <summary>The number of a key, for the digest.</summary>
    public required Func<TKey, int> NumberOf { get; init; }

    /// <summary>The size of the windows.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// What a processor has been through that runs for longer than a moment: events of windows that are over before
    /// time 0.
    /// </summary>
    public TCall[] Before { get; init; } = [];

    /// <summary>In batches.</summary>
    public Lap RunBatches(TCall[] calls) => Run(calls.Length, (_, publisher) =>
    {
        for (var at = 0; at < calls.Length; at += BatchEvents)
            publisher.Publish(calls.AsSpan(at, Math.Min(BatchEvents, calls.Length - at)));
    });

    /// <summary>One by one.</summary>
    public Lap RunSingles(TCall[] calls) => Run(calls.Length, (_, publisher) =>
    {
        foreach (ref readonly var call in calls.AsSpan())
            publisher.Publish(in call);
    });

    /// <summary>
    /// Publishes, and ends. With a window that is still open when all is folded, its results come after the lap.
    /// </summary>
    /// <param name="events">How many there are.</param>
    /// <param name="publish">Publishes them.</param>
    /// <param name="endsInLap">Whether the results of the end are part of the lap.</param>
    public Lap Run(
        int events, Action<StreamProcessor<TCall, TKey>, EventPublisher<TCall>> publish, bool endsInLap = true)
    {
        var sink = new CallDigest<TKey>(NumberOf);
        var processor = Read().TumblingWindows(Window)
            .Aggregate(a => a.Count("count").Sum("sum").Min("min").Max("max").Average("avg"))
            .WithOptions(new StreamProcessorOptions { Mode = Mode, FutureSkewLimit = null })
            .To(sink)
            .Build();
        processor.Start();
        using var publisher = processor.CreateEventPublisher("load");
        publisher.Publish(Before);
        publisher.AdvanceWatermark(0);
        Flush(processor);
        sink.StartOver();
        var lap = Lap.Of(
            events,
            () =>
            {
                publish(processor, publisher);
                if (endsInLap)
                    End(processor);
                else
                    Flush(processor);
            },
            () =>
            {
                End(processor);
                return (sink.Digest.Results, sink.Digest.Sum);
            });
        processor.DisposeAsync().AsTask().GetAwaiter().GetResult();
        return lap;
    }

    private static void Flush(StreamProcessor<TCall, TKey> processor) =>
        processor.FlushAsync().AsTask().GetAwaiter().GetResult();

    private static void End(StreamProcessor<TCall, TKey> processor) =>
        processor.StopAsync(StopMode.Complete).GetAwaiter().GetResult();
}
