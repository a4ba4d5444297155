using DisruptorStream.Aggregation;

namespace DisruptorStream.Emission.Records;

/// <summary>A member of a row that holds a metric.</summary>
/// <param name="Member">The name of the member.</param>
/// <param name="Metric">
/// The name of the metric, from <see cref="MetricAttribute"/>; null for one like the member's.
/// </param>
/// <param name="Type">What the member holds: integers only of integer metrics, doubles of all.</param>
public readonly record struct ResultRowColumn(string Member, string? Metric, MeasureType Type);
