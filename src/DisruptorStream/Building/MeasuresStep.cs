using DisruptorStream.Aggregation;
using DisruptorStream.Building.Planning;
using DisruptorStream.Ingest.Projections;
using DisruptorStream.Windows;

namespace DisruptorStream.Building;

/// <summary>The step that says what is measured. Without a measure, events can only be counted.</summary>
/// <typeparam name="TEvent">The host's own type of event.</typeparam>
/// <typeparam name="TKey">The type of the keys.</typeparam>
public sealed class MeasuresStep<TEvent, TKey> : KeyedWindowingStep<WindowedStep<TEvent, TKey>, TKey>
    where TKey : notnull
{
    private readonly EventProjection<TEvent, TKey> _projection;
    private readonly MeasureList _measures;

    internal MeasuresStep(EventProjection<TEvent, TKey> projection, MeasureList measures)
    {
        _projection = projection;
        _measures = measures;
    }

    /// <summary>Declares a measure that is a double.</summary>
    /// <param name="name">Its name, for the aggregates.</param>
    /// <param name="value">Reads it; called on the publisher's thread, once for each event.</param>
    /// <exception cref="ArgumentException">The name is empty or in use, or there are 16 measures already.</exception>
    public MeasuresStep<TEvent, TKey> Measure(string name, Func<TEvent, double> value)
    {
        ArgumentNullException.ThrowIfNull(value);
        var measures = _measures.Add(name, MeasureType.Double);
        return new(_projection.With(value), measures);
    }

    /// <summary>Declares a measure that is a 64-bit integer, whose sums are exact.</summary>
    /// <inheritdoc cref="Measure(string, Func{TEvent, double})"/>
    public MeasuresStep<TEvent, TKey> Measure(string name, Func<TEvent, long> value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return new(_projection.With(value), _measures.Add(name, MeasureType.Int64));
    }

    /// <summary>Declares a measure that is a symbol: a text of a table, to be counted and shown.</summary>
    /// <param name="name">Its name, for the aggregates.</param>
    /// <param name="symbols">The table that gives texts numbers; results are read back with it.</param>
    /// <param name="text">Reads it; null for none. Called on the publisher's thread, once for each event.</param>
    /// <exception cref="ArgumentException">The name is empty or in use, or there are 16 measures already.</exception>
    public MeasuresStep<TEvent, TKey> Symbol(string name, SymbolTable symbols, Func<TEvent, string?> text)
    {
        ArgumentNullException.ThrowIfNull(symbols);
        ArgumentNullException.ThrowIfNull(text);
        return new(
            _projection.With(published => symbols.Intern(text(published))),
            _measures.Add(name, MeasureType.Symbol, symbols));
    }

    internal override WindowedStep<TEvent, TKey> Windowed(WindowDefinition window)
    {
        var definition = new PipelineDefinition<TKey> { Window = window };
        var projection = _projection;
        if (_measures.Definitions.Count > 0)
            definition = definition with { Measures = _measures.Definitions };
        else
            (definition, projection) = (definition with { HasNoMeasure = true }, projection.With(static _ => 0));
        return new(definition, projection);
    }
}
