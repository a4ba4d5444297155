using DisruptorStream.Aggregation.Metrics;

namespace DisruptorStream.Aggregation;

/// <content>Metrics that compare the last value with those before it.</content>
public partial class AggregateBuilder
{
    /// <summary>
    /// The value before the last one: by timestamp, then by publication, as <see cref="Last"/> is. NaN, or 0 of an
    /// integer, where there are not two values.
    /// </summary>
    /// <inheritdoc cref="Sum" path="/param|/exception"/>
    public AggregateBuilder Previous(string name, string? measure = null) =>
        AddEarlier(name, MetricKind.Previous, measure);

    /// <summary>The mean of all values but the last one; NaN where there are not two values.</summary>
    /// <remarks>Of the earlier values those count that are finite: a metric without a value spoils nothing.</remarks>
    /// <inheritdoc cref="Previous" path="/param|/exception"/>
    public AggregateBuilder EarlierAverage(string name, string? measure = null) =>
        AddEarlier(name, MetricKind.EarlierAverage, measure);

    /// <summary>The sample standard deviation of all values but the last one; NaN where there are not three.</summary>
    /// <inheritdoc cref="Previous" path="/param|/exception"/>
    public AggregateBuilder EarlierStandardDeviation(string name, string? measure = null) =>
        AddEarlier(name, MetricKind.EarlierStandardDeviation, measure);

    /// <summary>
    /// How many standard deviations the last value lies above the mean, both of all values but the last one; NaN where
    /// there are not three. Where those before are all equal: 0 where the last one is the same, else infinite, which an
    /// expression takes as null.
    /// </summary>
    /// <inheritdoc cref="Previous" path="/param|/exception"/>
    public AggregateBuilder EarlierZScore(string name, string? measure = null) =>
        AddEarlier(name, MetricKind.EarlierZScore, measure);

    private AggregateBuilder AddEarlier(string name, MetricKind kind, string? measure)
    {
        var read = _list.ResolveNumber(name, measure);
        return Add(new MeasureMetric(_list.Unused(name), kind, read));
    }
}
