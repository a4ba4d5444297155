using DisruptorStream.Ingest;
using DisruptorStream.Ingest.Replay;
using DisruptorStream.Plans;
using DisruptorStream.Sources.Reading;
using DisruptorStream.Topology.State;

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
        ProcessorPlan plan, IReadOnlyList<KeyColumnMaker> keys, TimeProvider clock, SideLogReplayer identities) =>
        new SlotRemaker<TEvent>(_sources, () => new RemakingParts(plan, keys, clock), _newPublisher, identities);
}
