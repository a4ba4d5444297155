namespace DisruptorStream.Ingest.Streams;

/// <summary>Makes what reads one key of a stream's events, without the caller knowing its type.</summary>
internal abstract class KeyReaderMaker<TEvent>
{
    /// <param name="table">The keys: a table of keys of the right type.</param>
    /// <param name="capacity">The most events that it reads at a time.</param>
    public abstract KeyReader<TEvent> Make(object table, int capacity);
}
