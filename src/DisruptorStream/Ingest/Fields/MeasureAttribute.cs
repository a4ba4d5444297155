namespace DisruptorStream.Ingest.Fields;

/// <summary>Says which member of a <see cref="StreamEventAttribute">event</see> is a measure.</summary>
/// <remarks>
/// A double or a float is a measure that is a double; a long, int, uint, short, ushort, byte or sbyte one that is a
/// 64-bit integer, whose sums are exact. They have the order of their members. At most 16.
/// </remarks>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.Property | AttributeTargets.Field)]
public sealed class MeasureAttribute : Attribute
{
    /// <summary>Marks a measure that is named as the member is.</summary>
    public MeasureAttribute()
    {
    }

    /// <summary>Marks a measure.</summary>
    /// <param name="name">Its name for the aggregates, of its own among the measures.</param>
    public MeasureAttribute(string name) => Name = name;

    /// <summary>The name of the measure; null for that of the member.</summary>
    public string? Name { get; }
}
