using DisruptorStream.Events;

namespace DisruptorStream.Ingest.Fields;

/// <summary>
/// Says which member of a <see cref="StreamEventAttribute">event</see> is the time at which it happened.
/// </summary>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.Property | AttributeTargets.Field)]
public sealed class EventTimeAttribute : Attribute
{
    /// <summary>
    /// Marks a <see cref="DateTimeOffset"/> or a <see cref="DateTime"/>. One of no kind is taken for local time, as
    /// <see cref="EventTime.From(DateTime)"/> says.
    /// </summary>
    public EventTimeAttribute()
    {
    }

    /// <summary>Marks a whole number: a long, an int or an uint.</summary>
    /// <param name="unit">What it counts.</param>
    public EventTimeAttribute(EventTimeUnit unit) => Unit = unit;

    /// <summary>What a whole number counts; null for a date.</summary>
    public EventTimeUnit? Unit { get; }
}
