using DisruptorStream.Building.Planning;
using DisruptorStream.Ingest.Streams;
using DisruptorStream.Sources.Reading;
using DisruptorStream.Streams;
using DisruptorStream.Topology.Durable.Remaking;

namespace DisruptorStream.Building.Replays;

/// <summary>Has the sources of a stream give events again.</summary>
internal static class StreamRemaking
{
    /// <param name="definition">The stream.</param>
    /// <param name="sources">Its sources.</param>
    /// <returns>Null where there are none.</returns>
    public static ISlotRemaking? Of<TEvent>(
        StreamDefinition<TEvent> definition, IReadOnlyList<SourceRegistration<TEvent>> sources)
    {
        if (sources.Count == 0)
            return null;
        var (projection, readers) = (definition.Projection, (KeyReaderMaker<TEvent>[])[.. definition.KeyReaders]);
        return new SlotRemaking<TEvent>(
            sources, parts => EventStream<TEvent>.NewPublisher(parts, projection, readers));
    }
}
