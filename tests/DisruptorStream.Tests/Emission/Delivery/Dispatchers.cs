using DisruptorStream.Emission;
using DisruptorStream.Emission.Delivery;
using DisruptorStream.Emission.Merging;
using DisruptorStream.Emission.Reading;

namespace DisruptorStream.Tests.Emission.Delivery;

/// <summary>Dispatchers of one measure, with what a test leaves out.</summary>
internal static class Dispatchers
{
    public static ResultDispatcher<string> Create(
        (IResultSink<string> Sink, SinkFailurePolicy Policy)[]? sinks = null,
        (IDroppedEventSink<string> Sink, SinkFailurePolicy Policy)[]? dropped = null,
        ResultStream<string>? stream = null,
        bool alwaysFeeds = false,
        int capacity = 256,
        long held = 0,
        CancellationToken abort = default) => new(
            new DeliveryPlan<string>
            {
                Schema = Rows.CountAndSum,
                Measures = Rows.OneMeasure,
                Watermarks = new WatermarkProgress(),
                Keys = new Rows.Keys(),
                Failures = new Rows.Failures(),
                Sinks = [.. (sinks ?? []).Select(
                    entry => new SinkRegistration<IResultSink<string>>(entry.Sink, entry.Policy)
                    {
                        HeldThrough = held,
                    })],
                DroppedEventSinks = [.. (dropped ?? []).Select(
                    entry => new SinkRegistration<IDroppedEventSink<string>>(entry.Sink, entry.Policy)
                    {
                        HeldThrough = held,
                    })],
                Readers = stream is null
                    ? null
                    : new ResultReaders<string>(stream, overflowAllowed: false, TimeProvider.System),
                AlwaysFeedsStream = alwaysFeeds,
                BatchCapacity = capacity,
            },
            abort);

    public static void Add(ResultOutput output, params ReadOnlySpan<long> sequences)
    {
        foreach (var sequence in sequences)
            output.Add(Rows.Pane(sequence), Rows.Values(1, 1));
    }

    public static (long Failures, long Retries, long Skipped, long Emitted) Counts(
        ResultDispatcher<string> dispatcher) =>
        (dispatcher.SinkFailures, dispatcher.SinkFigures.Retried, dispatcher.SinkFigures.Skipped,
            dispatcher.Figures.ResultsEmitted);
}
