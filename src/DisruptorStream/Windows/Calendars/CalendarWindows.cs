using DisruptorStream.Identities;
using DisruptorStream.Windows.Grids;

namespace DisruptorStream.Windows.Calendars;

/// <summary>Windows of so many hours, days, weeks, months, quarters or years in a time zone.</summary>
/// <param name="Unit">What is counted.</param>
/// <param name="Count">How many of it.</param>
/// <param name="Zone">Whose clock on the wall it is.</param>
/// <param name="FirstDayOfWeek">When weeks begin.</param>
internal sealed record CalendarWindows(CalendarUnit Unit, int Count, TimeZoneInfo Zone, DayOfWeek FirstDayOfWeek)
    : GridWindows
{
    private const int MostYears = 1000;

    /// <summary>As many of the unit as make 1,000 years; of hours a day.</summary>
    public static int MostOf(CalendarUnit unit) => unit switch
    {
        CalendarUnit.Hour => 24,
        CalendarUnit.Day => 365 * MostYears,
        CalendarUnit.Week => 52 * MostYears,
        CalendarUnit.Month => 12 * MostYears,
        CalendarUnit.Quarter => 4 * MostYears,
        _ => MostYears,
    };

    public override SliceGrid NewGrid() => new CalendarGrid(new WallClockEdges(this));

    public override string Describe()
    {
        var unit = Unit.ToString().ToLowerInvariant();
        var length = Count == 1 ? $"every {unit}" : FormattableString.Invariant($"every {Count} {unit}s");
        var begins = Unit == CalendarUnit.Week ? $" from {FirstDayOfWeek}" : "";
        return $"calendar, {length}{begins} in {Zone.Id}";
    }

    public override void Identify(IdentityWriter writer)
    {
        writer.Add("calendar");
        writer.Add((long)Unit);
        writer.Add(Count);
        writer.Add(Zone.Id);
        writer.Add(Unit == CalendarUnit.Week ? (long)FirstDayOfWeek : 0);
    }
}
