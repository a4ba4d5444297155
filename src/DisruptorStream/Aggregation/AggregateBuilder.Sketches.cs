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
        ArgumentOutOfRangeException.ThrowIfLessThan(precision, 7);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(precision, 16);
        return Add(new DistinctMetric(_list.Unused(name), _list.Resolve(name, measure), precision));
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
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, 100);
        var counters = capacity ?? Math.Max(64, 10 * count);
        ArgumentOutOfRangeException.ThrowIfLessThan(counters, count, nameof(capacity));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(counters, 4096, nameof(capacity));
        var read = _list.Resolve(name, measure);
        for (var rank = 0; rank < count; rank++)
        {
            var ranked = string.Create(CultureInfo.InvariantCulture, $"{name}_{rank + 1}");
            Add(new TopMetric(_list.Unused(ranked), MetricKind.TopValue, rank, read, counters));
            Add(new TopMetric(_list.Unused($"{ranked}_count"), MetricKind.TopCount, rank, read, counters));
            Add(new TopMetric(_list.Unused($"{ranked}_error"), MetricKind.TopError, rank, read, counters));
        }

        return this;
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
}
