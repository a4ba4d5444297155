using DisruptorStream.Aggregation.Customs;
using DisruptorStream.Aggregation.Derived;
using DisruptorStream.Aggregation.Filters;
using DisruptorStream.Aggregation.Metrics;
using DisruptorStream.Expressions;
using DisruptorStream.Expressions.Syntax;
using DisruptorStream.Messages;

namespace DisruptorStream.Aggregation;

/// <summary>Collects the metrics that each result shows, by name, in the order in which they are asked for.</summary>
/// <remarks>
/// <para>Metrics of the same measure share what they accumulate, so asking for one more usually costs nothing per
/// event. A metric of a measure may leave the measure's name out when the processor has exactly one, or when the
/// metric has the name of the measure.</para>
/// <para>Over no event at all (a pane without events) counts, sums and rates are 0; every other metric is NaN, or 0
/// where it is a 64-bit integer: the sum, minimum, maximum, first and last of a measure declared as long are
/// integers.</para>
/// <para>Subnormal values count like others, except where a metric says so. Sums of squares, variances and what is
/// made of them overflow to infinity or NaN from magnitudes of some 1e154 on.</para>
/// <para>Used on one thread, while the processor is being built.</para>
/// </remarks>
public partial class AggregateBuilder
{
    private readonly MetricList _list;
    private readonly Func<string, MetricFilter>? _named;

    /// <param name="measures">The measures of the events.</param>
    /// <param name="named">Finds the filters of which the host gives the bits; null where there are none.</param>
    internal AggregateBuilder(IReadOnlyList<MeasureDefinition> measures, Func<string, MetricFilter>? named = null)
    {
        _list = new MetricList(measures);
        _named = named;
    }

    /// <summary>Which events the metrics take that are asked for now; null for all.</summary>
    private protected MetricFilter? Filter { get; set; }

    /// <summary>The metrics so far, in the order in which they were asked for.</summary>
    internal IReadOnlyList<MetricDefinition> Metrics => _list.Metrics;

    /// <summary>
    /// Metrics that take only the events of a filter of which the host gives the bit, such as
    /// <c>Where("errors", e =&gt; e.Count("errors").Max("slowest", "latency"))</c>.
    /// </summary>
    /// <remarks>
    /// For keyed events, with filters that <see cref="Building.KeyedEventsStep{TKey}.Filter"/> declares. The metrics of
    /// a typed stream's queries have a <c>where:</c> of their own. An expression takes what its metrics take.
    /// </remarks>
    /// <param name="filter">The filter's name.</param>
    /// <param name="metrics">Asks for the metrics.</param>
    /// <exception cref="ArgumentException">No filter of that name is declared.</exception>
    /// <exception cref="InvalidOperationException">It is called inside of another one.</exception>
    public AggregateBuilder Where(string filter, Action<AggregateBuilder> metrics)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        if (Filter is { } outer)
        {
            throw new InvalidOperationException(
                $"The filter '{filter}' is asked for inside of '{outer.Text}', and a metric has one filter; have the "
                + "host set one bit where both let an event pass.");
        }

        Filter = _named?.Invoke(filter) ?? throw new ArgumentException(
            $"There is no filter '{filter}', for no filter can be declared by name here; give the metric a where: "
            + "of its own.",
            nameof(filter));
        try
        {
            metrics(this);
        }
        finally
        {
            Filter = null;
        }

        return this;
    }

    /// <summary>The number of events, whatever their measures: a 64-bit integer.</summary>
    /// <param name="name">The metric's name in the results.</param>
    /// <exception cref="ArgumentException">The name is empty or already in use.</exception>
    public AggregateBuilder Count(string name) => Add(new CountMetric(_list.Unused(name)));

    /// <summary>The number of events per second of the window; for a session, of the time from start to end.</summary>
    /// <inheritdoc cref="Count" path="/param|/exception"/>
    public AggregateBuilder Rate(string name) => Add(new CountMetric(_list.Unused(name), MetricKind.Rate));

    /// <summary>The sum of a measure; 0 without events.</summary>
    /// <param name="name">The metric's name in the results.</param>
    /// <param name="measure">
    /// The measure's name. Default the only measure there is, or the one that has the metric's name.
    /// </param>
    /// <param name="mode">
    /// How doubles are added. Default plainly, in the order of publication: the fastest, and the same in every mode.
    /// </param>
    /// <remarks>
    /// The sum of a measure declared as long is exact; a window whose sum does not fit 64 bits fails.
    /// </remarks>
    /// <exception cref="ArgumentException">The name is empty or in use, or no measure has that name.</exception>
    /// <exception cref="InvalidOperationException">
    /// The measure was left out, there is not exactly one, and none has the metric's name.
    /// </exception>
    public AggregateBuilder Sum(string name, string? measure = null, SumMode mode = SumMode.Plain) =>
        AddSum(name, MetricKind.Sum, measure, mode);

    /// <summary>The arithmetic mean of a measure, as the sum over the count; NaN without events.</summary>
    /// <inheritdoc cref="Sum" path="/param|/exception"/>
    public AggregateBuilder Average(string name, string? measure = null, SumMode mode = SumMode.Plain) =>
        AddSum(name, MetricKind.Average, measure, mode);

    /// <summary>The smallest value of a measure.</summary>
    /// <param name="name">The metric's name in the results.</param>
    /// <param name="measure">
    /// The measure's name. Default the only measure there is, or the one that has the metric's name.
    /// </param>
    /// <exception cref="ArgumentException">The name is empty or in use, or no measure has that name.</exception>
    /// <exception cref="InvalidOperationException">
    /// The measure was left out, there is not exactly one, and none has the metric's name.
    /// </exception>
    public AggregateBuilder Min(string name, string? measure = null) => Add(name, MetricKind.Min, measure);

    /// <summary>The largest value of a measure.</summary>
    /// <inheritdoc cref="Min" path="/param|/exception"/>
    public AggregateBuilder Max(string name, string? measure = null) => Add(name, MetricKind.Max, measure);

    /// <summary>The largest minus the smallest value of a measure, as a double.</summary>
    /// <inheritdoc cref="Min" path="/param|/exception"/>
    public AggregateBuilder Range(string name, string? measure = null) => Add(name, MetricKind.Range, measure);

    /// <summary>The plain sum of the squares of a measure; 0 without events.</summary>
    /// <inheritdoc cref="Min" path="/param|/exception"/>
    public AggregateBuilder SumOfSquares(string name, string? measure = null) =>
        Add(name, MetricKind.SumOfSquares, measure);

    /// <summary>The sample variance (divisor n - 1) of a measure; NaN for fewer than two events.</summary>
    /// <remarks>
    /// Differences from the first value and their squares are summed with error-free additions (Ogita, Rump and Oishi
    /// 2005), and moved to a common origin when slices are merged: however events are grouped, the result is the same
    /// to the last bits.
    /// </remarks>
    /// <inheritdoc cref="Min" path="/param|/exception"/>
    public AggregateBuilder Variance(string name, string? measure = null) => Add(name, MetricKind.Variance, measure);

    /// <summary>The population variance (divisor n) of a measure; NaN without events.</summary>
    /// <inheritdoc cref="Min" path="/param|/exception"/>
    /// <inheritdoc cref="Variance" path="/remarks"/>
    public AggregateBuilder PopulationVariance(string name, string? measure = null) =>
        Add(name, MetricKind.PopulationVariance, measure);

    /// <summary>The square root of the sample variance (divisor n - 1); NaN for fewer than two events.</summary>
    /// <inheritdoc cref="Min" path="/param|/exception"/>
    /// <inheritdoc cref="Variance" path="/remarks"/>
    public AggregateBuilder StandardDeviation(string name, string? measure = null) =>
        Add(name, MetricKind.StandardDeviation, measure);

    /// <summary>The square root of the population variance (divisor n); NaN without events.</summary>
    /// <inheritdoc cref="Min" path="/param|/exception"/>
    /// <inheritdoc cref="Variance" path="/remarks"/>
    public AggregateBuilder PopulationStandardDeviation(string name, string? measure = null) =>
        Add(name, MetricKind.PopulationStandardDeviation, measure);

    /// <summary>The measure of the event with the lowest timestamp; of several, the one published first.</summary>
    /// <inheritdoc cref="Min" path="/param|/exception"/>
    public AggregateBuilder First(string name, string? measure = null) => Add(name, MetricKind.First, measure);

    /// <summary>The measure of the event with the highest timestamp; of several, the one published last.</summary>
    /// <inheritdoc cref="Min" path="/param|/exception"/>
    public AggregateBuilder Last(string name, string? measure = null) => Add(name, MetricKind.Last, measure);

    /// <summary>The skewness of a measure, m3 / m2^1.5, of the population; NaN where all values are equal.</summary>
    /// <remarks>
    /// From sums of powers in doubled precision, as the variance: however events are grouped and however far from zero
    /// they lie, the result is the same to the last bits, or to 1e-14 where it is near 0.
    /// </remarks>
    /// <inheritdoc cref="Min" path="/param|/exception"/>
    public AggregateBuilder Skewness(string name, string? measure = null) => Add(name, MetricKind.Skewness, measure);

    /// <summary>
    /// The excess kurtosis of a measure, m4 / m2² - 3, of the population; NaN where all values are equal.
    /// </summary>
    /// <inheritdoc cref="Skewness" path="/remarks"/>
    /// <inheritdoc cref="Min" path="/param|/exception"/>
    public AggregateBuilder Kurtosis(string name, string? measure = null) => Add(name, MetricKind.Kurtosis, measure);

    /// <summary>
    /// How many sample standard deviations the last value lies from the mean of all; NaN where all are equal.
    /// </summary>
    /// <remarks>
    /// Last is as for <see cref="Last"/>: by timestamp, then by publication. Mean and deviation are those of
    /// <see cref="Variance"/>.
    /// </remarks>
    /// <inheritdoc cref="Min" path="/param|/exception"/>
    public AggregateBuilder ZScore(string name, string? measure = null) => Add(name, MetricKind.ZScore, measure);

    /// <summary>
    /// An exponential moving average over the window's events: each moves it by alpha towards its value; it begins with
    /// the first. NaN without events.
    /// </summary>
    /// <remarks>
    /// In the order of publication; a window of several slices takes them in order of time. For a span of n events,
    /// alpha is 2 / (n + 1).
    /// </remarks>
    /// <param name="name">The metric's name in the results.</param>
    /// <param name="alpha">The weight of the newest value, above 0 and at most 1.</param>
    /// <param name="measure">
    /// The measure's name. Default the only measure there is, or the one that has the metric's name.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">The alpha is out of its range.</exception>
    /// <inheritdoc cref="Min" path="/exception"/>
    public AggregateBuilder MovingAverage(string name, double alpha, string? measure = null)
    {
        if (!(alpha is > 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(
                nameof(alpha), alpha, "The alpha of a moving average is above 0 and at most 1.");
        }

        return Add(new MovingAverageMetric(_list.Unused(name), _list.ResolveNumber(name, measure), alpha));
    }

    /// <summary>The average of a measure, each event weighted by another one; NaN where the weights sum to 0.</summary>
    /// <param name="name">The metric's name in the results.</param>
    /// <param name="measure">The measure's name.</param>
    /// <param name="weight">The name of the measure that is the weight.</param>
    /// <inheritdoc cref="Min" path="/exception"/>
    public AggregateBuilder WeightedAverage(string name, string measure, string weight) =>
        AddPair(name, MetricKind.WeightedAverage, measure, weight);

    /// <summary>The measure of the event where another one is smallest.</summary>
    /// <remarks>Of equal ones, that of the lowest timestamp, then the one published first.</remarks>
    /// <param name="name">The metric's name in the results.</param>
    /// <param name="measure">The name of the measure that is shown.</param>
    /// <param name="by">The name of the measure that is compared, as a double.</param>
    /// <inheritdoc cref="Min" path="/exception"/>
    public AggregateBuilder ArgMin(string name, string measure, string by) =>
        AddPair(name, MetricKind.ArgMin, measure, by);

    /// <summary>The measure of the event where another one is largest.</summary>
    /// <inheritdoc cref="ArgMin" path="/remarks|/param|/exception"/>
    public AggregateBuilder ArgMax(string name, string measure, string by) =>
        AddPair(name, MetricKind.ArgMax, measure, by);

    /// <summary>A metric of your own, as fast as the engine's: its code is compiled into the engine's loop.</summary>
    /// <typeparam name="TAggregate">The aggregate: an empty struct.</typeparam>
    /// <typeparam name="TState">What it keeps for each key and slice or window.</typeparam>
    /// <remarks>
    /// An exception that it throws fails that key and window, is reported with them, and nothing else.
    /// </remarks>
    /// <inheritdoc cref="Min" path="/param|/exception"/>
    public AggregateBuilder Custom<TAggregate, TState>(string name, string? measure = null)
        where TAggregate : struct, IAggregate<TState>
        where TState : unmanaged =>
        Add(new CustomMetric<TAggregate, TState>(_list.Unused(name), _list.Resolve(name, measure)));

    /// <summary>
    /// Metrics of your own over several measures of each event, as fast as the engine's: one aggregate that has several
    /// results.
    /// </summary>
    /// <typeparam name="TAggregate">The aggregate: an empty struct.</typeparam>
    /// <typeparam name="TState">What it keeps for each key and slice or window, once for all results.</typeparam>
    /// <remarks>
    /// An event that lacks one of the measures (a number that is left out under <see
    /// cref="Events.NonFinitePolicy.IgnoreMeasure"/>, or no symbol) is left out. An exception that the aggregate throws
    /// fails that key and window, is reported with them, and nothing else.
    /// </remarks>
    /// <param name="names">
    /// The names of its results, in the order in which it writes them: at least one. All are doubles.
    /// </param>
    /// <param name="measures">
    /// The names of the measures that it reads, in its order. Default all measures, in the order in which they are
    /// declared.
    /// </param>
    /// <exception cref="ArgumentException">
    /// There is no name, a name is empty or in use, or no measure has one of the names.
    /// </exception>
    public AggregateBuilder Custom<TAggregate, TState>(
        IReadOnlyList<string> names, IReadOnlyList<string>? measures = null)
        where TAggregate : struct, IEventAggregate<TState>
        where TState : unmanaged
    {
        ArgumentNullException.ThrowIfNull(names);
        if (names.Count == 0)
        {
            throw new ArgumentException(
                $"The results of {typeof(TAggregate).Name} have no name; name at least one.", nameof(names));
        }

        var columns = new CustomColumns(names[0], names.Count, _list.ResolveAll(names[0], measures));
        for (var index = 0; index < names.Count; index++)
            Add(new CustomEventMetric<TAggregate, TState>(_list.Unused(names[index]), index, columns));
        return this;
    }

    /// <summary>
    /// A metric made of others: an expression over metrics that were asked for before it, such as "errors / count".
    /// </summary>
    /// <remarks>
    /// <para>A subset of SQL's expressions: arithmetic, comparisons, and, or, not, between, in, is null, case, cast,
    /// and functions such as round, coalesce, nullif, least and greatest. A division of integers has a fraction.
    /// Metrics are named as they are; a name with other characters than letters, digits, _ and dots stands in double
    /// quotes.</para>
    /// <para>A metric that is NaN or infinite is null, and what has no finite value, as a division by zero, is null:
    /// the metric then shows NaN. It is a 64-bit integer where the expression is one and can never be null, and a
    /// double otherwise. It is found when a pane is put together, keeps nothing, and costs nothing per event.</para>
    /// </remarks>
    /// <param name="name">The metric's name in the results.</param>
    /// <param name="expression">The expression, of 20,000 characters and 250 levels at most.</param>
    /// <exception cref="ArgumentException">
    /// The name is empty or in use; or the expression cannot be understood, is no number, or names no metric that was
    /// asked for before.
    /// </exception>
    public AggregateBuilder Expression(string name, string expression)
    {
        ArgumentNullException.ThrowIfNull(expression);
        name = _list.Unused(name);
        try
        {
            var metric = new ExpressionMetric(name, Parser.Parse(expression), MeasureType.Double);
            var derived = new DerivedMetrics([.. _list.Metrics, metric]);
            return derived.HasInputs ? Add(metric with { Type = derived.LastType }) : throw new ExpressionException(
                "The expression names no metric; name at least one that is asked for before it.",
                0,
                expression.Length);
        }
        catch (ExpressionException exception)
        {
            throw new ArgumentException(
                $"The metric '{name}' cannot be made: {exception.Show(expression)}{Environment.NewLine}",
                nameof(expression),
                exception);
        }
    }

    private AggregateBuilder AddSum(string name, MetricKind kind, string? measure, SumMode mode)
    {
        OptionGuard.Defined(mode, nameof(mode));
        var read = _list.ResolveNumber(name, measure);
        return mode == SumMode.Plain || read.Type != MeasureType.Double
            ? Add(new MeasureMetric(_list.Unused(name), kind, read))
            : Add(new SumMetric(_list.Unused(name), kind, read, mode));
    }

    private AggregateBuilder AddPair(string name, MetricKind kind, string measure, string by)
    {
        ArgumentNullException.ThrowIfNull(measure);
        ArgumentNullException.ThrowIfNull(by);
        var shown = kind == MetricKind.WeightedAverage
            ? _list.ResolveNumber(name, measure)
            : _list.Resolve(name, measure);
        return Add(new PairMetric(_list.Unused(name), kind, shown, _list.ResolveNumber(name, by)));
    }

    private AggregateBuilder Add(string name, MetricKind kind, string? measure)
    {
        var read = kind is MetricKind.First or MetricKind.Last
            ? _list.Resolve(name, measure)
            : _list.ResolveNumber(name, measure);
        return Add(new MeasureMetric(_list.Unused(name), kind, read));
    }

    private AggregateBuilder Add(MetricDefinition metric)
    {
        _list.Add(Filter is null || metric is ExpressionMetric ? metric : metric with { Filter = Filter });
        return this;
    }
}
