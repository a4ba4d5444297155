namespace DisruptorStream.Emission.Records;

/// <summary>Names the metric of a member of a <see cref="ResultRowAttribute">row</see>.</summary>
/// <remarks>
/// Without it the metric is the one whose name is that of the member, upper and lower case, '_', '-', '.' and spaces
/// aside: ErrorRate is error_rate.
/// </remarks>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.Property | AttributeTargets.Field)]
public sealed class MetricAttribute : Attribute
{
    /// <summary>Names the metric.</summary>
    /// <param name="name">Its name, as the aggregates give it; upper and lower case differ.</param>
    public MetricAttribute(string name) => Name = name;

    /// <summary>The name of the metric.</summary>
    public string Name { get; }
}
