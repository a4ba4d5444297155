namespace DisruptorStream.Ingest.Fields;

/// <summary>Says which member of a <see cref="StreamEventAttribute">event</see> is a key.</summary>
/// <remarks>
/// A string, an integer, an enum, a Guid, or any type that equals by value. A processor takes one of them; queries of a
/// stream group by any. At most 8.
/// </remarks>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.Property | AttributeTargets.Field)]
public sealed class EventKeyAttribute : Attribute
{
    /// <summary>Marks a key that is named as the member is.</summary>
    public EventKeyAttribute()
    {
    }

    /// <summary>Marks a key.</summary>
    /// <param name="name">Its name, of its own among the keys.</param>
    public EventKeyAttribute(string name) => Name = name;

    /// <summary>The name of the key; null for that of the member.</summary>
    public string? Name { get; }
}
