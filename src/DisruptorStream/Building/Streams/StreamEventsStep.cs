using DisruptorStream.Aggregation;
using DisruptorStream.Building.Planning;
using DisruptorStream.Events;
using DisruptorStream.Ingest.Projections;
using DisruptorStream.Ingest.Streams;

namespace DisruptorStream.Building.Streams;

/// <summary>
/// The step that says what the events of a stream carry: measures and keys, each read once for an event and shared by
/// name. Every method returns a new step.
/// </summary>
/// <typeparam name="TEvent">The host's own type of event.</typeparam>
/// <remarks>
/// After <see cref="StreamProcessorBuilder.ForStreamEvents{TEvent}"/> the type's own measures and keys are declared
/// already; what is declared here comes behind them, and is read by a selector.
/// </remarks>
public class StreamEventsStep<TEvent>
{
    private readonly StreamDefinition<TEvent> _definition;

    internal StreamEventsStep(StreamDefinition<TEvent> definition) => _definition = definition;

    internal StreamDefinition<TEvent> Definition => _definition;

    /// <summary>Declares a measure that is a double.</summary>
    /// <param name="name">Its name, for the aggregates.</param>
    /// <param name="value">Reads it; called on the publisher's thread, once for each event.</param>
    /// <exception cref="ArgumentException">The name is empty or in use, or there are 16 measures already.</exception>
    public StreamEventsStep<TEvent> Measure(string name, Func<TEvent, double> value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return Add(
            _definition.Measures.Add(name, MeasureType.Double), new MeasureReader<TEvent>(value));
    }

    /// <summary>Declares a measure that is a 64-bit integer, whose sums are exact.</summary>
    /// <inheritdoc cref="Measure(string, Func{TEvent, double})"/>
    public StreamEventsStep<TEvent> Measure(string name, Func<TEvent, long> value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return Add(_definition.Measures.Add(name, MeasureType.Int64), new MeasureReader<TEvent>(value));
    }

    /// <summary>Declares a measure that is a symbol: a text of a table, to be counted and shown.</summary>
    /// <param name="name">Its name, for the aggregates.</param>
    /// <param name="symbols">The table that gives texts numbers; results are read back with it.</param>
    /// <param name="text">Reads it; null for none. Called on the publisher's thread, once for each event.</param>
    /// <exception cref="ArgumentException">The name is empty or in use, or there are 16 measures already.</exception>
    public StreamEventsStep<TEvent> Symbol(string name, SymbolTable symbols, Func<TEvent, string?> text)
    {
        ArgumentNullException.ThrowIfNull(symbols);
        ArgumentNullException.ThrowIfNull(text);
        return Add(
            _definition.Measures.Add(name, MeasureType.Symbol, symbols),
            new MeasureReader<TEvent>(published => symbols.Intern(text(published))));
    }

    /// <summary>Declares a key by which queries may group.</summary>
    /// <typeparam name="TKey">A string, an integer, an enum, a Guid, or any type that equals by value.</typeparam>
    /// <param name="name">Its name, for the queries.</param>
    /// <param name="key">
    /// Reads it; null for none: queries that group by it drop the event with <see cref="DropReason.NoKey"/>. Called on
    /// the publisher's thread, once for each event.
    /// </param>
    /// <exception cref="ArgumentException">The name is empty or in use, or there are 8 keys already.</exception>
    public StreamEventsStep<TEvent> Key<TKey>(string name, Func<TEvent, TKey?> key)
        where TKey : notnull
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(key);
        StreamKeys.ThrowUnlessFree(_definition.Keys, name);
        return new(_definition.WithKey(name, new KeyReaderMaker<TEvent, TKey>(key)));
    }

    /// <inheritdoc cref="StreamStep{TEvent}.Query"/>
    public StreamStep<TEvent> Query<TKey>(string name, Func<QueryStep<TEvent>, QueryOutputStep<TEvent, TKey>> query)
        where TKey : notnull => new StreamStep<TEvent>(_definition).Query(name, query);

    /// <summary>Declares a measure that is read as its 64 bits.</summary>
    /// <param name="name">Its name, for the aggregates.</param>
    /// <param name="type">What the bits are; numbers of a symbol stand for what the caller says.</param>
    /// <param name="bits">Reads it; called on the publisher's thread, once for each event.</param>
    /// <inheritdoc cref="Measure(string, Func{TEvent, double})" path="/exception"/>
    internal StreamEventsStep<TEvent> Measure(string name, MeasureType type, Func<TEvent, long> bits) =>
        Add(_definition.Measures.Add(name, type), new MeasureReader<TEvent>(bits));

    private StreamEventsStep<TEvent> Add(MeasureList measures, MeasureReader<TEvent> reader) => new(_definition with
    {
        Measures = measures,
        MeasureReaders = [.. _definition.MeasureReaders, reader],
    });
}
