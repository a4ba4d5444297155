using DisruptorStream.Aggregation;
using DisruptorStream.Building.Planning;
using DisruptorStream.Windows;

namespace DisruptorStream.Building;

/// <summary>
/// The step that says what is measured. Without a measure of its own, an event has one double named "value".
/// </summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
public sealed class KeyedEventsStep<TKey> : KeyedWindowingStep<WindowedStep<TKey>, TKey>
    where TKey : notnull
{
    private readonly MeasureList _measures;
    private readonly FilterNames _filters;

    internal KeyedEventsStep()
        : this(MeasureList.Empty, FilterNames.Empty)
    {
    }

    private KeyedEventsStep(MeasureList measures, FilterNames filters)
    {
        _measures = measures;
        _filters = filters;
    }

    /// <summary>Declares a measure: events then carry one value for each, in the order of the declarations.</summary>
    /// <param name="name">Its name, for the aggregates.</param>
    /// <param name="type">How its 64 bits are to be read. Default a double.</param>
    /// <exception cref="ArgumentException">The name is empty or in use, or there are 16 measures already.</exception>
    public KeyedEventsStep<TKey> Measure(string name, MeasureType type = MeasureType.Double) =>
        new(_measures.Add(name, type), _filters);

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
        return new(_measures.Add(name, MeasureType.Symbol, symbols), _filters);
    }

    /// <summary>
    /// Declares a filter: events then carry a bit for each, in the order of the declarations, bit 0 first. The host
    /// says with each event which filters it passes.
    /// </summary>
    /// <remarks>
    /// <para>Metrics take the events of a filter by <see
    /// cref="AggregateBuilder.Where(string, Action{AggregateBuilder})"/>, the whole processor by <see cref="Where"/>. A
    /// slot has 8 bytes more for all filters.</para>
    /// <para>Events are then published with their bits alone: with a span of measures, and the bits behind it.</para>
    /// </remarks>
    /// <param name="name">Its name.</param>
    /// <exception cref="ArgumentException">The name is empty or in use, or there are 64 filters already.</exception>
    public KeyedEventsStep<TKey> Filter(string name) => new(_measures, _filters.Add(name));

    /// <summary>
    /// Takes only the events of a filter. What it refuses opens no window and is no drop; it moves the watermark all
    /// the same, and counts in <see cref="ProcessorStats.EventsFiltered"/> alone.
    /// </summary>
    /// <remarks>On one thread: not with Staged, and not with several shards.</remarks>
    /// <param name="filter">The filter's name.</param>
    /// <exception cref="ArgumentException">No filter of that name is declared, or there is a Where already.</exception>
    public KeyedEventsStep<TKey> Where(string filter) => new(_measures, _filters.Take(filter));

    internal override WindowedStep<TKey> Windowed(WindowDefinition window)
    {
        var definition = new PipelineDefinition<TKey> { Window = window, Filters = _filters };
        if (_measures.Definitions.Count > 0)
            definition = definition with { Measures = _measures.Definitions };
        return new(definition);
    }
}
