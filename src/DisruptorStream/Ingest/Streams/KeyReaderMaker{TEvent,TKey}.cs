using DisruptorStream.Ingest.Keys;
using DisruptorStream.Ingest.Projections;
using DisruptorStream.Ingest.Sources;

namespace DisruptorStream.Ingest.Streams;

/// <inheritdoc cref="KeyReaderMaker{TEvent}"/>
internal sealed class KeyReaderMaker<TEvent, TKey> : KeyReaderMaker<TEvent>
    where TKey : notnull
{
    private readonly Func<TEvent, TKey?> _selector;

    /// <param name="selector">Reads the key; null for none.</param>
    public KeyReaderMaker(Func<TEvent, TKey?> selector) => _selector = selector;

    public override KeyReader<TEvent> Make(object table, int capacity) =>
        new KeyReader<TEvent, TKey>(_selector, (KeyTable<TKey>)table, capacity);

    public override StreamPublisher<TEvent> NewPublisher(
        string name,
        StreamWriter<TEvent> writer,
        SourceRegistry registry,
        StreamProjection<TEvent> projection,
        object table) =>
        new OneKeyPublisher<TEvent, TKey>(name, writer, registry, projection, _selector, (KeyTable<TKey>)table);
}
