using DisruptorStream.Aggregation;

namespace DisruptorStream.Ingest.Fields;

/// <summary>
/// What events of a type carry, and what reads it. Made by what the source generator writes:
/// <see cref="StreamEventAttribute"/>.
/// </summary>
/// <typeparam name="TEvent">The type of the events.</typeparam>
/// <remarks>Not thread-safe while it is filled.</remarks>
public sealed class StreamEventFields<TEvent>
{
    private readonly List<(string Name, MeasureType Type)> _measures = [];
    private readonly List<MarkedKey<TEvent>> _keys = [];

    /// <summary>Begins with the time.</summary>
    /// <param name="reader">Reads time and measures.</param>
    public StreamEventFields(FieldReader<TEvent> reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        Reader = reader;
    }

    internal FieldReader<TEvent> Reader { get; }

    internal IReadOnlyList<(string Name, MeasureType Type)> Measures => _measures;

    internal IReadOnlyList<MarkedKey<TEvent>> Keys => _keys;

    /// <summary>Adds a measure, the next one that the reader reads.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="type">What its bits are: a double or an integer.</param>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public StreamEventFields<TEvent> Measure(string name, MeasureType type)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        _measures.Add((name, type));
        return this;
    }

    /// <summary>Adds a key.</summary>
    /// <typeparam name="TKey">The type of the key.</typeparam>
    /// <param name="name">Its name.</param>
    /// <param name="reader">Reads it.</param>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public StreamEventFields<TEvent> Key<TKey>(string name, FieldReader<TEvent, TKey> reader)
        where TKey : notnull
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(reader);
        _keys.Add(new MarkedKey<TEvent, TKey>(name, reader));
        return this;
    }
}
