using System.Runtime.CompilerServices;
using DisruptorStream.Aggregation.Filters;

namespace DisruptorStream.Aggregation;

/// <summary>
/// Collects the metrics of a query, each of which may take only some of the events: those that its filter lets pass.
/// </summary>
/// <typeparam name="TEvent">The host's own type of event.</typeparam>
/// <remarks>
/// A filter is called once for each event, on the publisher's thread, and costs a bit of the event's slot; the same
/// delegate is one filter, however often it is used. All filters of a stream are at most 64.
/// <inheritdoc cref="AggregateBuilder" path="/remarks"/>
/// </remarks>
public sealed partial class AggregateBuilder<TEvent> : AggregateBuilder
{
    private readonly Func<Func<TEvent, bool>, string, MetricFilter> _filterOf;

    /// <param name="measures">The measures of the stream.</param>
    /// <param name="filterOf">Gives a filter its bit.</param>
    internal AggregateBuilder(
        IReadOnlyList<MeasureDefinition> measures, Func<Func<TEvent, bool>, string, MetricFilter> filterOf)
        : base(measures) => _filterOf = filterOf;

    /// <inheritdoc cref="AggregateBuilder.Count"/>
    /// <param name="name">The metric's name in the results, or what the names of several begin with.</param>
    /// <param name="where">Which events it takes. Default all.</param>
    /// <param name="whereText">How the filter is written: the compiler fills it in.</param>
    public AggregateBuilder<TEvent> Count(
        string name,
        Func<TEvent, bool>? where = null,
        [CallerArgumentExpression(nameof(where))] string whereText = "") =>
        Add(where, whereText, () => base.Count(name));

    /// <inheritdoc cref="AggregateBuilder.Rate"/>
    /// <param name="name">The metric's name in the results, or what the names of several begin with.</param>
    /// <param name="where">Which events it takes. Default all.</param>
    /// <param name="whereText">How the filter is written: the compiler fills it in.</param>
    public AggregateBuilder<TEvent> Rate(
        string name,
        Func<TEvent, bool>? where = null,
        [CallerArgumentExpression(nameof(where))] string whereText = "") =>
        Add(where, whereText, () => base.Rate(name));

    /// <inheritdoc cref="AggregateBuilder.Sum"/>
    /// <param name="name">The metric's name in the results, or what the names of several begin with.</param>
    /// <param name="measure">
    /// The measure's name. Where it may be left out: the only one there is, or the one that has the metric's name.
    /// </param>
    /// <param name="mode">How it is computed; as there.</param>
    /// <param name="where">Which events it takes. Default all.</param>
    /// <param name="whereText">How the filter is written: the compiler fills it in.</param>
    public AggregateBuilder<TEvent> Sum(
        string name,
        string? measure = null,
        SumMode mode = SumMode.Plain,
        Func<TEvent, bool>? where = null,
        [CallerArgumentExpression(nameof(where))] string whereText = "") =>
        Add(where, whereText, () => base.Sum(name, measure, mode));

    /// <inheritdoc cref="AggregateBuilder.Average"/>
    /// <param name="name">The metric's name in the results, or what the names of several begin with.</param>
    /// <param name="measure">
    /// The measure's name. Where it may be left out: the only one there is, or the one that has the metric's name.
    /// </param>
    /// <param name="mode">How it is computed; as there.</param>
    /// <param name="where">Which events it takes. Default all.</param>
    /// <param name="whereText">How the filter is written: the compiler fills it in.</param>
    public AggregateBuilder<TEvent> Average(
        string name,
        string? measure = null,
        SumMode mode = SumMode.Plain,
        Func<TEvent, bool>? where = null,
        [CallerArgumentExpression(nameof(where))] string whereText = "") =>
        Add(where, whereText, () => base.Average(name, measure, mode));

    /// <inheritdoc cref="AggregateBuilder.Min"/>
    /// <param name="name">The metric's name in the results, or what the names of several begin with.</param>
    /// <param name="measure">
    /// The measure's name. Where it may be left out: the only one there is, or the one that has the metric's name.
    /// </param>
    /// <param name="where">Which events it takes. Default all.</param>
    /// <param name="whereText">How the filter is written: the compiler fills it in.</param>
    public AggregateBuilder<TEvent> Min(
        string name,
        string? measure = null,
        Func<TEvent, bool>? where = null,
        [CallerArgumentExpression(nameof(where))] string whereText = "") =>
        Add(where, whereText, () => base.Min(name, measure));

    /// <inheritdoc cref="AggregateBuilder.Max"/>
    /// <param name="name">The metric's name in the results, or what the names of several begin with.</param>
    /// <param name="measure">
    /// The measure's name. Where it may be left out: the only one there is, or the one that has the metric's name.
    /// </param>
    /// <param name="where">Which events it takes. Default all.</param>
    /// <param name="whereText">How the filter is written: the compiler fills it in.</param>
    public AggregateBuilder<TEvent> Max(
        string name,
        string? measure = null,
        Func<TEvent, bool>? where = null,
        [CallerArgumentExpression(nameof(where))] string whereText = "") =>
        Add(where, whereText, () => base.Max(name, measure));

    /// <inheritdoc cref="AggregateBuilder.Range"/>
    /// <param name="name">The metric's name in the results, or what the names of several begin with.</param>
    /// <param name="measure">
    /// The measure's name. Where it may be left out: the only one there is, or the one that has the metric's name.
    /// </param>
    /// <param name="where">Which events it takes. Default all.</param>
    /// <param name="whereText">How the filter is written: the compiler fills it in.</param>
    public AggregateBuilder<TEvent> Range(
        string name,
        string? measure = null,
        Func<TEvent, bool>? where = null,
        [CallerArgumentExpression(nameof(where))] string whereText = "") =>
        Add(where, whereText, () => base.Range(name, measure));

    /// <inheritdoc cref="AggregateBuilder.SumOfSquares"/>
    /// <param name="name">The metric's name in the results, or what the names of several begin with.</param>
    /// <param name="measure">
    /// The measure's name. Where it may be left out: the only one there is, or the one that has the metric's name.
    /// </param>
    /// <param name="where">Which events it takes. Default all.</param>
    /// <param name="whereText">How the filter is written: the compiler fills it in.</param>
    public AggregateBuilder<TEvent> SumOfSquares(
        string name,
        string? measure = null,
        Func<TEvent, bool>? where = null,
        [CallerArgumentExpression(nameof(where))] string whereText = "") =>
        Add(where, whereText, () => base.SumOfSquares(name, measure));

    /// <inheritdoc cref="AggregateBuilder.Variance"/>
    /// <param name="name">The metric's name in the results, or what the names of several begin with.</param>
    /// <param name="measure">
    /// The measure's name. Where it may be left out: the only one there is, or the one that has the metric's name.
    /// </param>
    /// <param name="where">Which events it takes. Default all.</param>
    /// <param name="whereText">How the filter is written: the compiler fills it in.</param>
    public AggregateBuilder<TEvent> Variance(
        string name,
        string? measure = null,
        Func<TEvent, bool>? where = null,
        [CallerArgumentExpression(nameof(where))] string whereText = "") =>
        Add(where, whereText, () => base.Variance(name, measure));

    /// <inheritdoc cref="AggregateBuilder.PopulationVariance"/>
    /// <param name="name">The metric's name in the results, or what the names of several begin with.</param>
    /// <param name="measure">
    /// The measure's name. Where it may be left out: the only one there is, or the one that has the metric's name.
    /// </param>
    /// <param name="where">Which events it takes. Default all.</param>
    /// <param name="whereText">How the filter is written: the compiler fills it in.</param>
    public AggregateBuilder<TEvent> PopulationVariance(
        string name,
        string? measure = null,
        Func<TEvent, bool>? where = null,
        [CallerArgumentExpression(nameof(where))] string whereText = "") =>
        Add(where, whereText, () => base.PopulationVariance(name, measure));

    /// <inheritdoc cref="AggregateBuilder.StandardDeviation"/>
    /// <param name="name">The metric's name in the results, or what the names of several begin with.</param>
    /// <param name="measure">
    /// The measure's name. Where it may be left out: the only one there is, or the one that has the metric's name.
    /// </param>
    /// <param name="where">Which events it takes. Default all.</param>
    /// <param name="whereText">How the filter is written: the compiler fills it in.</param>
    public AggregateBuilder<TEvent> StandardDeviation(
        string name,
        string? measure = null,
        Func<TEvent, bool>? where = null,
        [CallerArgumentExpression(nameof(where))] string whereText = "") =>
        Add(where, whereText, () => base.StandardDeviation(name, measure));

    /// <inheritdoc cref="AggregateBuilder.PopulationStandardDeviation"/>
    /// <param name="name">The metric's name in the results, or what the names of several begin with.</param>
    /// <param name="measure">
    /// The measure's name. Where it may be left out: the only one there is, or the one that has the metric's name.
    /// </param>
    /// <param name="where">Which events it takes. Default all.</param>
    /// <param name="whereText">How the filter is written: the compiler fills it in.</param>
    public AggregateBuilder<TEvent> PopulationStandardDeviation(
        string name,
        string? measure = null,
        Func<TEvent, bool>? where = null,
        [CallerArgumentExpression(nameof(where))] string whereText = "") =>
        Add(where, whereText, () => base.PopulationStandardDeviation(name, measure));

    /// <inheritdoc cref="AggregateBuilder.First"/>
    /// <param name="name">The metric's name in the results, or what the names of several begin with.</param>
    /// <param name="measure">
    /// The measure's name. Where it may be left out: the only one there is, or the one that has the metric's name.
    /// </param>
    /// <param name="where">Which events it takes. Default all.</param>
    /// <param name="whereText">How the filter is written: the compiler fills it in.</param>
    public AggregateBuilder<TEvent> First(
        string name,
        string? measure = null,
        Func<TEvent, bool>? where = null,
        [CallerArgumentExpression(nameof(where))] string whereText = "") =>
        Add(where, whereText, () => base.First(name, measure));

    /// <inheritdoc cref="AggregateBuilder.Last"/>
    /// <param name="name">The metric's name in the results, or what the names of several begin with.</param>
    /// <param name="measure">
    /// The measure's name. Where it may be left out: the only one there is, or the one that has the metric's name.
    /// </param>
    /// <param name="where">Which events it takes. Default all.</param>
    /// <param name="whereText">How the filter is written: the compiler fills it in.</param>
    public AggregateBuilder<TEvent> Last(
        string name,
        string? measure = null,
        Func<TEvent, bool>? where = null,
        [CallerArgumentExpression(nameof(where))] string whereText = "") =>
        Add(where, whereText, () => base.Last(name, measure));

    /// <inheritdoc cref="AggregateBuilder.Skewness"/>
    /// <param name="name">The metric's name in the results, or what the names of several begin with.</param>
    /// <param name="measure">
    /// The measure's name. Where it may be left out: the only one there is, or the one that has the metric's name.
    /// </param>
    /// <param name="where">Which events it takes. Default all.</param>
    /// <param name="whereText">How the filter is written: the compiler fills it in.</param>
    public AggregateBuilder<TEvent> Skewness(
        string name,
        string? measure = null,
        Func<TEvent, bool>? where = null,
        [CallerArgumentExpression(nameof(where))] string whereText = "") =>
        Add(where, whereText, () => base.Skewness(name, measure));

    /// <inheritdoc cref="AggregateBuilder.Kurtosis"/>
    /// <param name="name">The metric's name in the results, or what the names of several begin with.</param>
    /// <param name="measure">
    /// The measure's name. Where it may be left out: the only one there is, or the one that has the metric's name.
    /// </param>
    /// <param name="where">Which events it takes. Default all.</param>
    /// <param name="whereText">How the filter is written: the compiler fills it in.</param>
    public AggregateBuilder<TEvent> Kurtosis(
        string name,
        string? measure = null,
        Func<TEvent, bool>? where = null,
        [CallerArgumentExpression(nameof(where))] string whereText = "") =>
        Add(where, whereText, () => base.Kurtosis(name, measure));

    /// <inheritdoc cref="AggregateBuilder.ZScore"/>
    /// <param name="name">The metric's name in the results, or what the names of several begin with.</param>
    /// <param name="measure">
    /// The measure's name. Where it may be left out: the only one there is, or the one that has the metric's name.
    /// </param>
    /// <param name="where">Which events it takes. Default all.</param>
    /// <param name="whereText">How the filter is written: the compiler fills it in.</param>
    public AggregateBuilder<TEvent> ZScore(
        string name,
        string? measure = null,
        Func<TEvent, bool>? where = null,
        [CallerArgumentExpression(nameof(where))] string whereText = "") =>
        Add(where, whereText, () => base.ZScore(name, measure));

    /// <inheritdoc cref="AggregateBuilder.MovingAverage"/>
    /// <param name="name">The metric's name in the results, or what the names of several begin with.</param>
    /// <param name="alpha">The weight of the newest value, above 0 and at most 1.</param>
    /// <param name="measure">
    /// The measure's name. Where it may be left out: the only one there is, or the one that has the metric's name.
    /// </param>
    /// <param name="where">Which events it takes. Default all.</param>
    /// <param name="whereText">How the filter is written: the compiler fills it in.</param>
    public AggregateBuilder<TEvent> MovingAverage(
        string name,
        double alpha,
        string? measure = null,
        Func<TEvent, bool>? where = null,
        [CallerArgumentExpression(nameof(where))] string whereText = "") =>
        Add(where, whereText, () => base.MovingAverage(name, alpha, measure));

    /// <inheritdoc cref="AggregateBuilder.WeightedAverage"/>
    /// <param name="name">The metric's name in the results, or what the names of several begin with.</param>
    /// <param name="measure">
    /// The measure's name. Where it may be left out: the only one there is, or the one that has the metric's name.
    /// </param>
    /// <param name="weight">The measure that weighs.</param>
    /// <param name="where">Which events it takes. Default all.</param>
    /// <param name="whereText">How the filter is written: the compiler fills it in.</param>
    public AggregateBuilder<TEvent> WeightedAverage(
        string name,
        string measure,
        string weight,
        Func<TEvent, bool>? where = null,
        [CallerArgumentExpression(nameof(where))] string whereText = "") =>
        Add(where, whereText, () => base.WeightedAverage(name, measure, weight));

    /// <inheritdoc cref="AggregateBuilder.ArgMin"/>
    /// <param name="name">The metric's name in the results, or what the names of several begin with.</param>
    /// <param name="measure">
    /// The measure's name. Where it may be left out: the only one there is, or the one that has the metric's name.
    /// </param>
    /// <param name="by">The measure that decides.</param>
    /// <param name="where">Which events it takes. Default all.</param>
    /// <param name="whereText">How the filter is written: the compiler fills it in.</param>
    public AggregateBuilder<TEvent> ArgMin(
        string name,
        string measure,
        string by,
        Func<TEvent, bool>? where = null,
        [CallerArgumentExpression(nameof(where))] string whereText = "") =>
        Add(where, whereText, () => base.ArgMin(name, measure, by));

    /// <inheritdoc cref="AggregateBuilder.ArgMax"/>
    /// <param name="name">The metric's name in the results, or what the names of several begin with.</param>
    /// <param name="measure">
    /// The measure's name. Where it may be left out: the only one there is, or the one that has the metric's name.
    /// </param>
    /// <param name="by">The measure that decides.</param>
    /// <param name="where">Which events it takes. Default all.</param>
    /// <param name="whereText">How the filter is written: the compiler fills it in.</param>
    public AggregateBuilder<TEvent> ArgMax(
        string name,
        string measure,
        string by,
        Func<TEvent, bool>? where = null,
        [CallerArgumentExpression(nameof(where))] string whereText = "") =>
        Add(where, whereText, () => base.ArgMax(name, measure, by));

    /// <inheritdoc cref="AggregateBuilder.Custom{TAggregate, TState}(string, string)"/>
    /// <param name="name">The metric's name in the results, or what the names of several begin with.</param>
    /// <param name="measure">
    /// The measure's name. Where it may be left out: the only one there is, or the one that has the metric's name.
    /// </param>
    /// <param name="where">Which events it takes. Default all.</param>
    /// <param name="whereText">How the filter is written: the compiler fills it in.</param>
    public AggregateBuilder<TEvent> Custom<TAggregate, TState>(
        string name,
        string? measure = null,
        Func<TEvent, bool>? where = null,
        [CallerArgumentExpression(nameof(where))] string whereText = "")
        where TAggregate : struct, IAggregate<TState>
        where TState : unmanaged =>
        Add(where, whereText, () => base.Custom<TAggregate, TState>(name, measure));

    /// <inheritdoc
    /// cref="AggregateBuilder.Custom{TAggregate, TState}(IReadOnlyList{string}, IReadOnlyList{string})"/>
    /// <param name="names">The names of its results, in the order in which it writes them: at least one.</param>
    /// <param name="measures">The measures that it reads, in its order. Default all.</param>
    /// <param name="where">Which events it takes. Default all.</param>
    /// <param name="whereText">How the filter is written: the compiler fills it in.</param>
    public AggregateBuilder<TEvent> Custom<TAggregate, TState>(
        IReadOnlyList<string> names,
        IReadOnlyList<string>? measures = null,
        Func<TEvent, bool>? where = null,
        [CallerArgumentExpression(nameof(where))] string whereText = "")
        where TAggregate : struct, IEventAggregate<TState>
        where TState : unmanaged =>
        Add(where, whereText, () => base.Custom<TAggregate, TState>(names, measures));

    /// <inheritdoc cref="AggregateBuilder.Percentiles"/>
    public new AggregateBuilder<TEvent> Percentiles(string measure, params ReadOnlySpan<double> percentiles)
    {
        base.Percentiles(measure, percentiles);
        return this;
    }

    private AggregateBuilder<TEvent> Add(Func<TEvent, bool>? where, string text, Action add)
    {
        Filter = where is null ? null : _filterOf(where, text);
        try
        {
            add();
        }
        finally
        {
            Filter = null;
        }

        return this;
    }
}
