namespace DisruptorStream.Ingest.Fields;

/// <summary>
/// Reads a key of events, alone or with time and measures. Written by the source generator:
/// <see cref="StreamEventAttribute"/>.
/// </summary>
/// <typeparam name="TEvent">The type of the events.</typeparam>
/// <typeparam name="TKey">The type of the key.</typeparam>
/// <inheritdoc cref="FieldReader{TEvent}" path="/remarks"/>
public abstract class FieldReader<TEvent, TKey>
    where TKey : notnull
{
    /// <summary>Reads the key of an event; null for none.</summary>
    /// <param name="one">The event.</param>
    public abstract TKey? ReadKey(in TEvent one);

    /// <summary>Reads the keys of a block.</summary>
    /// <param name="published">The events.</param>
    /// <param name="keys">Gets the keys; at least as long.</param>
    /// <param name="hasNone">Set where a key is null; left as it is otherwise.</param>
    /// <param name="read">Gets how many events are read, also where it throws.</param>
    public abstract void ReadKeys(
        ReadOnlySpan<TEvent> published, Span<TKey?> keys, ref bool hasNone, ref int read);

    /// <summary>Reads all of an event.</summary>
    /// <param name="one">The event.</param>
    /// <param name="measures">As of <see cref="FieldReader{TEvent}.Read"/>.</param>
    /// <param name="ticks">The time in ticks of 100 ns since the Unix epoch.</param>
    /// <returns>The key; null for none.</returns>
    public abstract TKey? Read(in TEvent one, Span<long> measures, out long ticks);

    /// <summary>Reads all of the events of a block, one after the other.</summary>
    /// <param name="published">The events.</param>
    /// <param name="keys">Gets the keys; at least as long.</param>
    /// <param name="ticks">Gets the times; at least as long.</param>
    /// <param name="measures">Gets the bits of the measures, all of one event in a row.</param>
    /// <param name="hasNone">Set where a key is null; left as it is otherwise.</param>
    /// <param name="read">Gets how many events are read, also where it throws.</param>
    public abstract void ReadAll(
        ReadOnlySpan<TEvent> published,
        Span<TKey?> keys,
        Span<long> ticks,
        Span<long> measures,
        ref bool hasNone,
        ref int read);
}
