using DisruptorStream.Aggregation;
using DisruptorStream.Building.Planning;
using DisruptorStream.Plans;
using DisruptorStream.Windows;

namespace DisruptorStream.Building.Streams;

/// <summary>The step that says which windows the panes of another query belong to.</summary>
/// <typeparam name="TEvent">The host's own type of event.</typeparam>
/// <typeparam name="TKey">The type of the query's keys.</typeparam>
public sealed class PaneWindowingStep<TEvent, TKey> : WindowingStep<PaneWindowedStep<TEvent, TKey>>
    where TKey : notnull
{
    private readonly QueryScope<TEvent> _scope;
    private readonly int _column;
    private readonly PaneInputPlan _panes;

    internal PaneWindowingStep(QueryScope<TEvent> scope, int column, PaneInputPlan panes)
    {
        _scope = scope;
        _column = column;
        _panes = panes;
    }

    internal override PaneWindowedStep<TEvent, TKey> Windowed(WindowDefinition window)
    {
        var metrics = _scope.Stream.Queries[_panes.Query].Metrics;
        var measures = new MeasureDefinition[metrics.Count];
        for (var index = 0; index < measures.Length; index++)
            measures[index] = new MeasureDefinition(metrics[index].Name, index, metrics[index].ResultType);
        return new(_scope, _column, _panes, new PipelineDefinition<TKey> { Window = window, Measures = measures });
    }
}
