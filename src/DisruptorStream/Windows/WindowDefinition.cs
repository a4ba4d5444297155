using System.Globalization;
using DisruptorStream.Identities;

namespace DisruptorStream.Windows;

/// <summary>The windows that a query asks for, as validated numbers.</summary>
/// <remarks>
/// What follows from the kind of window is asked of its plan; the subtypes are known to the builder and to the planner
/// alone.
/// </remarks>
internal abstract record WindowDefinition
{
    /// <summary>
    /// The time zones by whose rules they begin and end, which a machine may change; UTC is none of them.
    /// </summary>
    public virtual IReadOnlyList<TimeZoneInfo> Zones => [];

    /// <summary>Whether each key has a time zone of its own.</summary>
    public virtual bool HasKeyZones => false;

    /// <summary>In words, such as "tumbling 00:01:00".</summary>
    public abstract string Describe();

    /// <summary>Writes which windows these are.</summary>
    public abstract void Identify(IdentityWriter writer);

    /// <summary>A length of time, for people.</summary>
    protected static string Span(long ticks) => TimeSpan.FromTicks(ticks).ToString("c", CultureInfo.InvariantCulture);
}
