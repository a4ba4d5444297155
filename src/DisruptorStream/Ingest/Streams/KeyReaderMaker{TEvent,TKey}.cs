using DisruptorStream.Ingest.Fields;
using DisruptorStream.Ingest.Keys;
using DisruptorStream.Ingest.Projections;
using DisruptorStream.Ingest.Sources;

namespace DisruptorStream.Ingest.Streams;

/// <inheritdoc cref="KeyReaderMaker{TEvent}"/>
internal sealed class KeyReaderMaker<TEvent, TKey> : KeyReaderMaker<TEvent>
    where TKey : notnull
{
    private readonly Func<TEvent, TKey?>? _selector;
    private readonly FieldReader<TEvent, TKey>? _own;

    /// <param name="selector">Reads the key; null for none.</param>
    public KeyReaderMaker(Func<TEvent, TKey?> selector) => _selector = selector;

    /// <param name="own">Reads the key, as the type says itself.</param>
    public KeyReaderMaker(FieldReader<TEvent, TKey> own) => _own = own;

    public override KeyReader<TEvent> Make(object table, int capacity) =>
        _own is null
            ? new KeyReader<TEvent, TKey>(_selector!, (KeyTable<TKey>)table, capacity)
            : new KeyReader<TEvent, TKey>(_own, (KeyTable<TKey>)table, capacity);

    public override StreamPublisher<TEvent> NewPublisher(
        string name,
        StreamWriter<TEvent> writer,
        SourceRegistry registry,
        StreamProjection<TEvent> projection,
        object table) =>
        FieldsOf(projection) is { } fields
            ? new OneKeyPublisher<TEvent, TKey>(name, writer, registry, projection, fields, (KeyTable<TKey>)table)
            : new StreamPublisher<TEvent>(name, writer, registry);

    /// <summary>What reads all at once; null where only a block can.</summary>
    private FieldReader<TEvent, TKey>? FieldsOf(StreamProjection<TEvent> projection) => projection.Fields switch
    {
        SelectorFields<TEvent> selectors when _own is null =>
            new SelectorFields<TEvent, TKey>(_selector!, selectors.Ticks, selectors.Measures),
        FurtherFields<TEvent> further when _own is not null =>
            new JoinedFields<TEvent, TKey>(further, projection.MeasureCount, _own),
        _ => _own,
    };
}
