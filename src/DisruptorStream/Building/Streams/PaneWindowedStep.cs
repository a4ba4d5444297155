using DisruptorStream.Aggregation;
using DisruptorStream.Building.Planning;
using DisruptorStream.Plans;

namespace DisruptorStream.Building.Streams;

/// <summary>
/// The step that says when windows of another query's panes fire, and then what they show. Every method returns a new
/// step.
/// </summary>
/// <typeparam name="TEvent">The host's own type of event.</typeparam>
/// <typeparam name="TKey">The type of the query's keys.</typeparam>
public sealed class PaneWindowedStep<TEvent, TKey> : WindowedStepBase<PaneWindowedStep<TEvent, TKey>, TKey>
    where TKey : notnull
{
    private readonly QueryScope<TEvent> _scope;
    private readonly int _column;
    private readonly PaneInputPlan _panes;

    internal PaneWindowedStep(
        QueryScope<TEvent> scope, int column, PaneInputPlan panes, PipelineDefinition<TKey> definition)
        : base(definition)
    {
        _scope = scope;
        _column = column;
        _panes = panes;
    }

    /// <summary>What the results show. The measures are the metrics of the other query.</summary>
    /// <param name="aggregates">Asks for the metrics, in the order of the results' columns.</param>
    /// <exception cref="ArgumentException">No metric was asked for, or one of them is not possible.</exception>
    public QueryOutputStep<TEvent, TKey> Aggregate(Action<AggregateBuilder> aggregates)
    {
        ArgumentNullException.ThrowIfNull(aggregates);
        var builder = new AggregateBuilder(Definition.Measures);
        aggregates(builder);
        if (builder.Metrics.Count == 0)
        {
            throw new ArgumentException(
                $"No metric was asked for in the query '{_scope.Name}'; ask for at least one, such as a count.",
                nameof(aggregates));
        }

        return new(_scope, _column, filter: null, _panes, Definition with { Metrics = [.. builder.Metrics] });
    }

    private protected override PaneWindowedStep<TEvent, TKey> With(PipelineDefinition<TKey> definition) =>
        new(_scope, _column, _panes, definition);
}
