using DisruptorStream.Aggregation;
using DisruptorStream.Aggregation.Filters;
using DisruptorStream.Building.Planning;

namespace DisruptorStream.Building.Streams;

/// <summary>
/// The step that says when the windows of a query fire, and then what they show. Every method returns a new step.
/// </summary>
/// <typeparam name="TEvent">The host's own type of event.</typeparam>
/// <typeparam name="TKey">The type of the query's keys.</typeparam>
public sealed class QueryWindowedStep<TEvent, TKey> : WindowedStepBase<QueryWindowedStep<TEvent, TKey>, TKey>
    where TKey : notnull
{
    private readonly QueryScope<TEvent> _scope;
    private readonly int _column;
    private readonly MetricFilter? _filter;

    internal QueryWindowedStep(
        QueryScope<TEvent> scope, int column, MetricFilter? filter, PipelineDefinition<TKey> definition)
        : base(definition)
    {
        _scope = scope;
        _column = column;
        _filter = filter;
    }

    /// <summary>What the results show.</summary>
    /// <param name="aggregates">Asks for the metrics, in the order of the results' columns.</param>
    /// <exception cref="ArgumentException">No metric was asked for, or one of them is not possible.</exception>
    public QueryOutputStep<TEvent, TKey> Aggregate(Action<AggregateBuilder<TEvent>> aggregates)
    {
        ArgumentNullException.ThrowIfNull(aggregates);
        var builder = new AggregateBuilder<TEvent>(
            Definition.HasNoMeasure ? [] : Definition.Measures, _scope.FilterOf);
        aggregates(builder);
        if (builder.Metrics.Count == 0)
        {
            throw new ArgumentException(
                $"No metric was asked for in the query '{_scope.Name}'; ask for at least one, such as a count.",
                nameof(aggregates));
        }

        return new(_scope, _column, _filter, panes: null, Definition with { Metrics = [.. builder.Metrics] });
    }

    private protected override QueryWindowedStep<TEvent, TKey> With(PipelineDefinition<TKey> definition) =>
        new(_scope, _column, _filter, definition);
}
