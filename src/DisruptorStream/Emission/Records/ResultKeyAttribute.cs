namespace DisruptorStream.Emission.Records;

/// <summary>
/// Says which member of a <see cref="ResultRowAttribute">row</see> is the key; otherwise the one named Key.
/// </summary>
/// <remarks>
/// A key of several parts may be one member, a tuple, or a member for each of its parts, 2 to 4, each marked, in the
/// order in which the query names them. Then the binding checks their names against those of the query's keys, as it
/// does for metrics: that of the member, or the one that is given here.
/// </remarks>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.Property | AttributeTargets.Field)]
public sealed class ResultKeyAttribute : Attribute
{
    /// <summary>Marks the key, or a part of it that is named as the member is.</summary>
    public ResultKeyAttribute()
    {
    }

    /// <summary>Marks the key, or a part of it.</summary>
    /// <param name="name">The name of the query's key that it must be.</param>
    public ResultKeyAttribute(string name) => Name = name;

    /// <summary>The name of the query's key that it must be; null for that of the member.</summary>
    public string? Name { get; }
}
