using DisruptorStream.Ingest.Projections;
using DisruptorStream.Ingest.Sources;

namespace DisruptorStream.Ingest.Streams;

/// <summary>Makes what reads one key of a stream's events, without the caller knowing its type.</summary>
internal abstract class KeyReaderMaker<TEvent>
{
    /// <param name="table">The keys: a table of keys of the right type.</param>
    /// <param name="capacity">The most events that it reads at a time.</param>
    public abstract KeyReader<TEvent> Make(object table, int capacity);

    /// <summary>Makes a publisher of events that have this key alone.</summary>
    /// <param name="name">The source's name.</param>
    /// <param name="writer">Puts events into the ring.</param>
    /// <param name="registry">The sources.</param>
    /// <param name="projection">Reads all but the key.</param>
    /// <param name="table">The keys: a table of keys of the right type.</param>
    public abstract StreamPublisher<TEvent> NewPublisher(
        string name,
        StreamWriter<TEvent> writer,
        SourceRegistry registry,
        StreamProjection<TEvent> projection,
        object table);
}
