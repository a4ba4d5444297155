using DisruptorStream.Ingest;
using DisruptorStream.Ingest.Replay;
using DisruptorStream.Pipeline.Lifecycle;
using DisruptorStream.Plans;
using DisruptorStream.Sources;
using DisruptorStream.Sources.Reading;
using DisruptorStream.Topology.State;
using Microsoft.Extensions.Logging;

namespace DisruptorStream.Topology.Durable.Remaking;

/// <inheritdoc cref="ISlotRemaking"/>
internal sealed class SlotRemaking<TEvent> : ISlotRemaking
{
    private readonly IReadOnlyList<SourceRegistration<TEvent>> _sources;
    private readonly Func<RemakingParts, EventPublisher<TEvent>> _newPublisher;

    /// <param name="sources">What the processor reads by itself.</param>
    /// <param name="newPublisher">Makes a publisher of events.</param>
    public SlotRemaking(
        IReadOnlyList<SourceRegistration<TEvent>> sources, Func<RemakingParts, EventPublisher<TEvent>> newPublisher)
    {
        _sources = sources;
        _newPublisher = newPublisher;
    }

    public SlotRemaker NewRemaker(
        ProcessorPlan plan,
        IReadOnlyList<KeyColumnMaker> keys,
        ProcessorServices services,
        SideLogReplayer identities)
    {
        var sources = new Dictionary<string, SourceRereader<TEvent>>(StringComparer.Ordinal);
        foreach (var source in _sources)
        {
            if (source.Seekable is { } seekable)
                sources.Add(source.Name, NewRereader(seekable, source, plan.Name, services.Logger));
        }

        return new SlotRemaker<TEvent>(
            sources, () => new RemakingParts(plan, keys, services.TimeProvider), _newPublisher, identities);
    }

    private static SourceRereader<TEvent> NewRereader(
        ISeekableSource<TEvent> seekable, SourceRegistration<TEvent> source, string processor, ILogger logger) => new(
            seekable,
            source.Options,
            (failure, delay) => RuntimeLog.SourceFailed(
                logger, processor, source.Name, $"{failure.Message.TrimEnd('.')}.", delay, failure));
}
