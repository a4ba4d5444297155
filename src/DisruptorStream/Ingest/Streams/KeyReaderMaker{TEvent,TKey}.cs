using DisruptorStream.Ingest.Keys;

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
}
