using System.Runtime.CompilerServices;

namespace DisruptorStream.Aggregation;

/// <content>Percentiles, distinct counts, frequent values and histograms.</content>
public sealed partial class AggregateBuilder<TEvent>
{
    /// <inheritdoc cref="AggregateBuilder.Percentile"/>
    /// <param name="name">The metric's name in the results, or what the names of several begin with.</param>
    /// <param name="percentile">0 to 100; as there.</param>
    /// <param name="measure">
    /// The measure's name. Where it may be left out: the only one there is, or the one that has the metric's name.
    /// </param>
    /// <param name="mode">How it is computed; as there.</param>
    /// <param name="where">Which events it takes. Default all.</param>
    /// <param name="whereText">How the filter is written: the compiler fills it in.</param>
    public AggregateBuilder<TEvent> Percentile(
        string name,
        double percentile,
        string? measure = null,
        PercentileMode? mode = null,
        Func<TEvent, bool>? where = null,
        [CallerArgumentExpression(nameof(where))] string whereText = "") =>
        Add(where, whereText, () => base.Percentile(name, percentile, measure, mode));

    /// <inheritdoc cref="AggregateBuilder.Distinct(string, string, int)"/>
    /// <param name="name">The metric's name in the results, or what the names of several begin with.</param>
    /// <param name="measure">
    /// The measure's name. Where it may be left out: the only one there is, or the one that has the metric's name.
    /// </param>
    /// <param name="precision">7 to 16. Default 12.</param>
    /// <param name="where">Which events it takes. Default all.</param>
    /// <param name="whereText">How the filter is written: the compiler fills it in.</param>
    public AggregateBuilder<TEvent> Distinct(
        string name,
        string? measure = null,
        int precision = 12,
        Func<TEvent, bool>? where = null,
        [CallerArgumentExpression(nameof(where))] string whereText = "") =>
        Add(where, whereText, () => base.Distinct(name, measure, precision));

    /// <inheritdoc cref="AggregateBuilder.Distinct(string, string, string, int)"/>
    /// <param name="name">The metric's name in the results.</param>
    /// <param name="measure">The measure whose different values are weighed.</param>
    /// <param name="weight">The measure that weighs.</param>
    /// <param name="precision">7 to 16. Default 14.</param>
    /// <param name="where">Which events it takes. Default all.</param>
    /// <param name="whereText">How the filter is written: the compiler fills it in.</param>
    public AggregateBuilder<TEvent> Distinct(
        string name,
        string measure,
        string weight,
        int precision = 14,
        Func<TEvent, bool>? where = null,
        [CallerArgumentExpression(nameof(where))] string whereText = "") =>
        Add(where, whereText, () => base.Distinct(name, measure, weight, precision));

    /// <inheritdoc cref="AggregateBuilder.Top(string, int, string, int?)"/>
    /// <param name="name">The metric's name in the results, or what the names of several begin with.</param>
    /// <param name="count">How many ranks, 1 to 100.</param>
    /// <param name="measure">
    /// The measure's name. Where it may be left out: the only one there is, or the one that has the metric's name.
    /// </param>
    /// <param name="capacity">How many values are kept count of.</param>
    /// <param name="where">Which events it takes. Default all.</param>
    /// <param name="whereText">How the filter is written: the compiler fills it in.</param>
    public AggregateBuilder<TEvent> Top(
        string name,
        int count,
        string? measure = null,
        int? capacity = null,
        Func<TEvent, bool>? where = null,
        [CallerArgumentExpression(nameof(where))] string whereText = "") =>
        Add(where, whereText, () => base.Top(name, count, measure, capacity));

    /// <inheritdoc cref="AggregateBuilder.Top(string, int, string, string, int?)"/>
    /// <param name="name">What the metrics' names begin with.</param>
    /// <param name="count">How many ranks, 1 to 100.</param>
    /// <param name="measure">The measure whose values are weighed.</param>
    /// <param name="weight">The measure that weighs.</param>
    /// <param name="capacity">How many values are kept.</param>
    /// <param name="where">Which events it takes. Default all.</param>
    /// <param name="whereText">How the filter is written: the compiler fills it in.</param>
    public AggregateBuilder<TEvent> Top(
        string name,
        int count,
        string measure,
        string weight,
        int? capacity = null,
        Func<TEvent, bool>? where = null,
        [CallerArgumentExpression(nameof(where))] string whereText = "") =>
        Add(where, whereText, () => base.Top(name, count, measure, weight, capacity));

    /// <inheritdoc cref="AggregateBuilder.Histogram"/>
    /// <param name="name">The metric's name in the results, or what the names of several begin with.</param>
    /// <param name="bounds">1 to 200 finite bounds, each above the one before.</param>
    /// <param name="measure">
    /// The measure's name. Where it may be left out: the only one there is, or the one that has the metric's name.
    /// </param>
    /// <param name="where">Which events it takes. Default all.</param>
    /// <param name="whereText">How the filter is written: the compiler fills it in.</param>
    public AggregateBuilder<TEvent> Histogram(
        string name,
        IReadOnlyList<double> bounds,
        string? measure = null,
        Func<TEvent, bool>? where = null,
        [CallerArgumentExpression(nameof(where))] string whereText = "") =>
        Add(where, whereText, () => base.Histogram(name, bounds, measure));

    /// <inheritdoc cref="AggregateBuilder.Previous"/>
    /// <param name="name">The metric's name in the results, or what the names of several begin with.</param>
    /// <param name="measure">
    /// The measure's name. Where it may be left out: the only one there is, or the one that has the metric's name.
    /// </param>
    /// <param name="where">Which events it takes. Default all.</param>
    /// <param name="whereText">How the filter is written: the compiler fills it in.</param>
    public AggregateBuilder<TEvent> Previous(
        string name,
        string? measure = null,
        Func<TEvent, bool>? where = null,
        [CallerArgumentExpression(nameof(where))] string whereText = "") =>
        Add(where, whereText, () => base.Previous(name, measure));

    /// <inheritdoc cref="AggregateBuilder.EarlierAverage"/>
    /// <param name="name">The metric's name in the results, or what the names of several begin with.</param>
    /// <param name="measure">
    /// The measure's name. Where it may be left out: the only one there is, or the one that has the metric's name.
    /// </param>
    /// <param name="where">Which events it takes. Default all.</param>
    /// <param name="whereText">How the filter is written: the compiler fills it in.</param>
    public AggregateBuilder<TEvent> EarlierAverage(
        string name,
        string? measure = null,
        Func<TEvent, bool>? where = null,
        [CallerArgumentExpression(nameof(where))] string whereText = "") =>
        Add(where, whereText, () => base.EarlierAverage(name, measure));

    /// <inheritdoc cref="AggregateBuilder.EarlierStandardDeviation"/>
    /// <param name="name">The metric's name in the results, or what the names of several begin with.</param>
    /// <param name="measure">
    /// The measure's name. Where it may be left out: the only one there is, or the one that has the metric's name.
    /// </param>
    /// <param name="where">Which events it takes. Default all.</param>
    /// <param name="whereText">How the filter is written: the compiler fills it in.</param>
    public AggregateBuilder<TEvent> EarlierStandardDeviation(
        string name,
        string? measure = null,
        Func<TEvent, bool>? where = null,
        [CallerArgumentExpression(nameof(where))] string whereText = "") =>
        Add(where, whereText, () => base.EarlierStandardDeviation(name, measure));

    /// <inheritdoc cref="AggregateBuilder.EarlierZScore"/>
    /// <param name="name">The metric's name in the results, or what the names of several begin with.</param>
    /// <param name="measure">
    /// The measure's name. Where it may be left out: the only one there is, or the one that has the metric's name.
    /// </param>
    /// <param name="where">Which events it takes. Default all.</param>
    /// <param name="whereText">How the filter is written: the compiler fills it in.</param>
    public AggregateBuilder<TEvent> EarlierZScore(
        string name,
        string? measure = null,
        Func<TEvent, bool>? where = null,
        [CallerArgumentExpression(nameof(where))] string whereText = "") =>
        Add(where, whereText, () => base.EarlierZScore(name, measure));
}
