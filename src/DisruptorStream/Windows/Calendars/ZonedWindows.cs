using DisruptorStream.Identities;

namespace DisruptorStream.Windows.Calendars;

/// <summary>Windows of a calendar, in a time zone that each key has for itself.</summary>
/// <param name="Calendar">The windows; its own zone stands for none.</param>
/// <param name="Selector">Says the zone of a key: a function of the key's type to <see cref="TimeZoneInfo"/>.</param>
internal sealed record ZonedWindows(CalendarWindows Calendar, Delegate Selector) : WindowDefinition
{
    /// <summary>Lays out the windows of one zone.</summary>
    public CalendarGrid NewGrid(TimeZoneInfo zone) => new(new WallClockEdges(Calendar with { Zone = zone }));

    public override bool HasKeyZones => true;

    public override string Describe() => $"{Calendar.DescribeLength()} in the zone of each key";

    /// <remarks>The zones of keys are saved with their windows: which selector says them may change.</remarks>
    public override void Identify(IdentityWriter writer)
    {
        writer.Add("zoned");
        Calendar.Identify(writer);
    }
}
