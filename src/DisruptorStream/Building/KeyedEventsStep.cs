using DisruptorStream.Aggregation;
using DisruptorStream.Building.Planning;
using DisruptorStream.Windows;

namespace DisruptorStream.Building;

/// <summary>
/// The step that says what is measured. Without a measure of its own, an event has one double named "value".
/// </summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
public sealed class KeyedEventsStep<TKey> : WindowingStep<WindowedStep<TKey>>
    where TKey : notnull
{
    private readonly MeasureList _measures;

    internal KeyedEventsStep()
        : this(MeasureList.Empty)
    {
    }

    private KeyedEventsStep(MeasureList measures) => _measures = measures;

    /// <summary>Declares a measure: events then carry one value for each, in the order of the declarations.</summary>
    /// <param name="name">Its name, for the aggregates.</param>
    /// <param name="type">How its 64 bits are to be read. Default a double.</param>
    /// <exception cref="ArgumentException">The name is empty or in use, or there are 16 measures already.</exception>
    public KeyedEventsStep<TKey> Measure(string name, MeasureType type = MeasureType.Double) =>
        new(_measures.Add(name, type));

    /// <summary>Declares a measure that is a symbol: the number of a text of a table.</summary>
    /// <param name="name">Its name, for the aggregates.</param>
    /// <param name="symbols">
    /// The table that gives the texts their numbers, by <see cref="SymbolTable.Intern(string)"/>. With it the numbers
    /// can be saved with their texts.
    /// </param>
    /// <exception cref="ArgumentException">The name is empty or in use, or there are 16 measures already.</exception>
    public KeyedEventsStep<TKey> Symbol(string name, SymbolTable symbols)
    {
        ArgumentNullException.ThrowIfNull(symbols);
        return new(_measures.Add(name, MeasureType.Symbol, symbols));
    }

    internal override WindowedStep<TKey> Windowed(WindowDefinition window)
    {
        var definition = new PipelineDefinition<TKey> { Window = window };
        if (_measures.Definitions.Count > 0)
            definition = definition with { Measures = _measures.Definitions };
        return new(definition);
    }
}
