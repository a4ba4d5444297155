using DisruptorStream.Aggregation.Filters;
using DisruptorStream.Building.Planning;
using DisruptorStream.Windows;

namespace DisruptorStream.Building.Streams;

/// <summary>The step that says which windows the events of a query belong to.</summary>
/// <typeparam name="TEvent">The host's own type of event.</typeparam>
/// <typeparam name="TKey">The type of the query's keys.</typeparam>
public sealed class QueryWindowingStep<TEvent, TKey> : KeyedWindowingStep<QueryWindowedStep<TEvent, TKey>, TKey>
    where TKey : notnull
{
    private readonly QueryScope<TEvent> _scope;
    private readonly int _column;
    private readonly MetricFilter? _filter;

    internal QueryWindowingStep(QueryScope<TEvent> scope, int column, MetricFilter? filter)
    {
        _scope = scope;
        _column = column;
        _filter = filter;
    }

    internal override QueryWindowedStep<TEvent, TKey> Windowed(WindowDefinition window)
    {
        var measures = _scope.Stream.Measures.Definitions;
        var definition = new PipelineDefinition<TKey> { Window = window, HasNoMeasure = measures.Count == 0 };
        if (measures.Count > 0)
            definition = definition with { Measures = measures };
        return new(_scope, _column, _filter, definition);
    }
}
