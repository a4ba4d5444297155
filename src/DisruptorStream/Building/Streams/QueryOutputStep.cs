using DisruptorStream.Aggregation;
using DisruptorStream.Building.Planning;
using DisruptorStream.Plans;

namespace DisruptorStream.Building.Streams;

/// <summary>The last step of a query: where its results go. Every method returns a new step.</summary>
/// <typeparam name="TEvent">The host's own type of event.</typeparam>
/// <typeparam name="TKey">The type of the query's keys.</typeparam>
public sealed class QueryOutputStep<TEvent, TKey> : OutputStepBase<QueryOutputStep<TEvent, TKey>, TKey>
    where TKey : notnull
{
    private readonly int _column;
    private readonly MetricFilter? _filter;
    private readonly PaneInputPlan? _panes;

    internal QueryOutputStep(
        QueryScope<TEvent> scope,
        int column,
        MetricFilter? filter,
        PaneInputPlan? panes,
        PipelineDefinition<TKey> definition)
        : base(definition)
    {
        Scope = scope;
        _column = column;
        _filter = filter;
        _panes = panes;
    }

    /// <summary>The query as far as it was described.</summary>
    internal QueryScope<TEvent> Scope { get; }

    /// <summary>The whole query.</summary>
    internal StreamQueryDefinition<TKey> Query => new()
    {
        Name = Scope.Name,
        KeyColumn = _column,
        Filter = _filter,
        Panes = _panes,
        Query = Definition,
    };

    private protected override QueryOutputStep<TEvent, TKey> With(PipelineDefinition<TKey> definition) =>
        new(Scope, _column, _filter, _panes, definition);
}
