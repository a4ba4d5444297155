using DisruptorStream.Building.Planning;
using DisruptorStream.Ingest.Fields;
using DisruptorStream.Ingest.Projections;
using DisruptorStream.Ingest.Streams;

namespace DisruptorStream.Building.Streams;

/// <summary>
/// The step behind events whose members say what key, time and measures are: on to a processor with one query by one of
/// their keys, or to a stream with several queries.
/// </summary>
/// <typeparam name="TEvent">The host's own type of event.</typeparam>
public sealed class MarkedEventsStep<TEvent> : StreamEventsStep<TEvent>
{
    private readonly StreamEventFields<TEvent> _fields;

    private MarkedEventsStep(StreamDefinition<TEvent> definition, StreamEventFields<TEvent> fields)
        : base(definition) => _fields = fields;

    /// <summary>Groups events by a key that is a string, for a processor with one query.</summary>
    /// <inheritdoc cref="KeyBy{TKey}(string)"/>
    public MeasuresStep<TEvent, string> KeyBy(string key) => KeyBy<string>(key);

    /// <summary>
    /// Groups events by one of their keys, for a processor with one query. Measures that are declared after it come
    /// behind the type's own, and are read by a selector.
    /// </summary>
    /// <typeparam name="TKey">The type of the key, as it is declared.</typeparam>
    /// <param name="key">The name of the key: that of the member, or the one that its mark gives.</param>
    /// <exception cref="ArgumentException">There is no such key, or it is of another type.</exception>
    public MeasuresStep<TEvent, TKey> KeyBy<TKey>(string key)
        where TKey : notnull
    {
        var place = StreamKeys.Find<TKey>(Definition.Keys, key, "KeyBy");
        var marked = (MarkedKey<TEvent, TKey>)_fields.Keys[place];
        return new(new EventProjection<TEvent, TKey>(_fields, marked), Definition.Measures);
    }

    internal static MarkedEventsStep<TEvent> Of(StreamEventFields<TEvent> fields)
    {
        ArgumentNullException.ThrowIfNull(fields);
        var measures = MeasureList.Empty;
        foreach (var (name, type) in fields.Measures)
            measures = measures.Add(name, type);
        var keys = new Declaration { Definition = new() { Own = fields, Measures = measures } };
        foreach (var key in fields.Keys)
            key.Accept(keys);
        return new(keys.Definition, fields);
    }

    private sealed class Declaration : IMarkedKeyVisitor<TEvent>
    {
        public required StreamDefinition<TEvent> Definition { get; set; }

        public void Visit<TKey>(MarkedKey<TEvent, TKey> key)
            where TKey : notnull
        {
            StreamKeys.ThrowUnlessFree(Definition.Keys, key.Name);
            Definition = Definition.WithKey(key.Name, new KeyReaderMaker<TEvent, TKey>(key.Reader));
        }
    }
}
