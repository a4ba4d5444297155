using System.Globalization;
using DisruptorStream.Aggregation.Metrics;
using DisruptorStream.Messages;

namespace DisruptorStream.Aggregation;

/// <content>Percentiles, distinct counts, frequent values and histograms.</content>
public partial class AggregateBuilder
{
    /// <summary>A percentile of a measure; NaN without events.</summary>
    /// <param name="name">The metric's name in the results.</param>
    /// <param name="percentile">
    /// 0 (the smallest), or 1 to 100, such as 99.9. What lies between 0 and 1 is refused: it is a quantile, such as
    /// 0.95 where 95 is meant.
    /// </param>
    /// <param name="measure">
    /// The measure's name. Default the only measure there is, or the one that has the metric's name.
    /// </param>
    /// <param name="mode">
    /// Default <see cref="PercentileMode.Default"/>: a sketch within 1 %. All percentiles of a measure and mode read
    /// one.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">The percentile is out of its range.</exception>
    /// <inheritdoc cref="Min" path="/exception"/>
    public AggregateBuilder Percentile(
        string name, double percentile, string? measure = null, PercentileMode? mode = null)
    {
        OptionGuard.Percentile(percentile, nameof(percentile));
        return Add(new PercentileMetric(
            _list.Unused(name), percentile, _list.ResolveNumber(name, measure), mode ?? PercentileMode.Default));
    }

    /// <summary>
    /// Several percentiles of a measure, each as a metric that is named after both: measure_p50, measure_p99.9.
    /// </summary>
    /// <param name="measure">The measure's name.</param>
    /// <param name="percentiles">At least one, each as for <see cref="Percentile"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A percentile is out of its range.</exception>
    /// <exception cref="ArgumentException">
    /// There is no percentile, a metric's name is in use, or no measure has that name.
    /// </exception>
    public AggregateBuilder Percentiles(string measure, params ReadOnlySpan<double> percentiles)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(measure);
        if (percentiles.IsEmpty)
            throw new ArgumentException("No percentile is given; name at least one, such as 95.", nameof(percentiles));
        foreach (var percentile in percentiles)
            Percentile(string.Create(CultureInfo.InvariantCulture, $"{measure}_p{percentile}"), percentile, measure);
        return this;
    }

    /// <summary>How many different values a measure had: a 64-bit integer.</summary>
    /// <remarks>
    /// HyperLogLog with the estimator of Ertl (2017), over 64-bit hashes. Up to 3 / 64 of the 2^precision registers
    /// (192 values at precision 12) the count is exact; then its standard error is 1.04 / sqrt(2^precision).
    /// </remarks>
    /// <param name="name">The metric's name in the results.</param>
    /// <param name="measure">
    /// The measure's name. Default the only measure there is, or the one that has the metric's name.
    /// </param>
    /// <param name="precision">
    /// 7 to 16; 2^precision bytes for each key and window. Default 12: 4 KB, 1.6 %.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">The precision is out of its range.</exception>
    /// <inheritdoc cref="Min" path="/exception"/>
    public AggregateBuilder Distinct(string name, string? measure = null, int precision = 12)
    {
        ThrowUnlessPrecision(precision);
        return Add(new DistinctMetric(_list.Unused(name), _list.Resolve(name, measure), precision));
    }

    /// <summary>
    /// What the different values of a measure weigh together: the sum, over these values, of the largest weight that
    /// each came with. A double; 0 without events. For what is told more than once but counts once: the price of each
    /// order, however often the order is reported.
    /// </summary>
    /// <remarks>
    /// <para>Priority sampling (Duffield, Lund and Thorup 2007) over hashes of the values. Up to 3 / 64 of 2^precision
    /// values (768 at precision 14) the sum is exact, each weight read as a double. Beyond, it is an unbiased estimate,
    /// and its standard error is at most 1 / sqrt(3 / 64 · 2^precision - 1), whatever the weights are (Szegedy 2006).
    /// It depends on the values and their largest weights alone, not on the order or the grouping of events.</para>
    /// <para>A weight of 0 adds nothing. An event with a weight below zero is left out of this metric, and counted
    /// (<see cref="ProcessorStats.NegativeWeights"/>). A weight that is NaN or infinite follows <see
    /// cref="StreamProcessorOptions.NonFinite"/>: the event is refused, or left out of this metric.</para>
    /// </remarks>
    /// <param name="name">The metric's name in the results.</param>
    /// <param name="measure">The name of the measure whose different values are weighed.</param>
    /// <param name="weight">The name of the measure that is the weight: a number.</param>
    /// <param name="precision">
    /// 7 to 16; at most 2^precision bytes for each key and window. Default 14: 16 KB, 3.6 %.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">The precision is out of its range.</exception>
    /// <exception cref="ArgumentException">
    /// The name is empty or in use, no measure has one of the names, or the weight holds symbols.
    /// </exception>
    public AggregateBuilder Distinct(string name, string measure, string weight, int precision = 14)
    {
        ArgumentNullException.ThrowIfNull(measure);
        ArgumentNullException.ThrowIfNull(weight);
        ThrowUnlessPrecision(precision);
        return Add(new DistinctMetric(_list.Unused(name), _list.Resolve(name, measure), precision)
        {
            Weight = _list.ResolveNumber(name, weight),
        });
    }

    /// <summary>
    /// The most frequent values of a measure: for each rank r from 1 on the metrics name_r (the value), name_r_count
    /// (how often it came, at most) and name_r_error (by how much that may be too high).
    /// </summary>
    /// <remarks>
    /// Space-Saving (Metwally, Agrawal and El Abbadi 2005). Exact while no key and window has more different values
    /// than the capacity; then each value that came more often than events / capacity is kept. Of equal counts, the
    /// smaller value comes first; a rank that is not there has the count 0. An event costs a look at all counters.
    /// </remarks>
    /// <param name="name">What the metrics' names begin with.</param>
    /// <param name="count">How many ranks, 1 to 100.</param>
    /// <param name="measure">
    /// The measure's name. Default the only measure there is, or the one that has the metric's name.
    /// </param>
    /// <param name="capacity">
    /// How many values are kept count of, from the count to 4,096; 24 bytes each. Default 10 for each rank, at least
    /// 64.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">The count or the capacity is out of its range.</exception>
    /// <inheritdoc cref="Min" path="/exception"/>
    public AggregateBuilder Top(string name, int count, string? measure = null, int? capacity = null)
    {
        var counters = CountersFor(count, capacity);
        return AddTop(name, count, _list.Resolve(name, measure), null, counters);
    }

    /// <summary>
    /// The values of a measure that weigh most by another one: for each rank r from 1 on the metrics name_r (the
    /// value), name_r_weight (the sum of its events' weights, at most) and name_r_error (by how much that may be too
    /// high).
    /// </summary>
    /// <remarks>
    /// <para>Space-Saving (Metwally, Agrawal and El Abbadi 2005) with weights (Berinde, Indyk, Cormode and Strauss
    /// 2010). Weights are added in the order of publication, and are exact sums while no key and window has more
    /// different values than the capacity. Then each value that weighs more than all events together / capacity is
    /// kept, and no error is above that. Of equal weights, the smaller value comes first; a rank that is not there has
    /// the weight 0. An event costs a look at all counters.</para>
    /// <para>Weights and errors are integers where the weight is declared as long, and a window where such a sum does
    /// not fit 64 bits fails; else they are doubles. An event with the weight 0 adds nothing. One with a weight below
    /// zero is left out of these metrics, and counted (<see cref="ProcessorStats.NegativeWeights"/>). A weight that is
    /// NaN or infinite follows <see cref="StreamProcessorOptions.NonFinite"/>: the event is refused, or left out of
    /// these metrics.</para>
    /// </remarks>
    /// <param name="name">What the metrics' names begin with.</param>
    /// <param name="count">How many ranks, 1 to 100.</param>
    /// <param name="measure">The name of the measure whose values are weighed.</param>
    /// <param name="weight">The name of the measure that is the weight: a number.</param>
    /// <param name="capacity">
    /// How many values are kept, from the count to 4,096; 24 bytes each. Default 10 for each rank, at least 64.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">The count or the capacity is out of its range.</exception>
    /// <exception cref="ArgumentException">
    /// The name is empty or in use, no measure has one of the names, or the weight holds symbols.
    /// </exception>
    public AggregateBuilder Top(string name, int count, string measure, string weight, int? capacity = null)
    {
        ArgumentNullException.ThrowIfNull(measure);
        ArgumentNullException.ThrowIfNull(weight);
        var counters = CountersFor(count, capacity);
        return AddTop(name, count, _list.Resolve(name, measure), _list.ResolveNumber(name, weight), counters);
    }

    /// <summary>
    /// How many values of a measure fell between given bounds: the metrics name_le_b for each bound b (values up to and
    /// including it, and above the one before) and name_gt_b for those above the last.
    /// </summary>
    /// <param name="name">What the metrics' names begin with.</param>
    /// <param name="bounds">1 to 200 finite bounds, each above the one before.</param>
    /// <param name="measure">
    /// The measure's name. Default the only measure there is, or the one that has the metric's name.
    /// </param>
    /// <inheritdoc cref="Min" path="/exception"/>
    public AggregateBuilder Histogram(string name, IReadOnlyList<double> bounds, string? measure = null)
    {
        HistogramMetric.ThrowUnlessBounds(bounds);
        var read = _list.ResolveNumber(name, measure);
        double[] own = [.. bounds];
        for (var bucket = 0; bucket <= own.Length; bucket++)
        {
            var suffix = bucket < own.Length
                ? string.Create(CultureInfo.InvariantCulture, $"le_{own[bucket]}")
                : string.Create(CultureInfo.InvariantCulture, $"gt_{own[^1]}");
            Add(new HistogramMetric(_list.Unused($"{name}_{suffix}"), bucket, read, own));
        }

        return this;
    }

    private static void ThrowUnlessPrecision(int precision)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(precision, 7);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(precision, 16);
    }

    private static int CountersFor(int count, int? capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, 100);
        var counters = capacity ?? Math.Max(64, 10 * count);
        ArgumentOutOfRangeException.ThrowIfLessThan(counters, count, nameof(capacity));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(counters, 4096, nameof(capacity));
        return counters;
    }

    private AggregateBuilder AddTop(
        string name, int count, MeasureDefinition measure, MeasureDefinition? weight, int counters)
    {
        for (var rank = 0; rank < count; rank++)
        {
            var ranked = string.Create(CultureInfo.InvariantCulture, $"{name}_{rank + 1}");
            AddOne(ranked, MetricKind.TopValue);
            AddOne(weight is null ? $"{ranked}_count" : $"{ranked}_weight", MetricKind.TopCount);
            AddOne($"{ranked}_error", MetricKind.TopError);

            void AddOne(string column, MetricKind kind) =>
                Add(new TopMetric(_list.Unused(column), kind, rank, measure, counters) { Weight = weight });
        }

        return this;
    }
}
