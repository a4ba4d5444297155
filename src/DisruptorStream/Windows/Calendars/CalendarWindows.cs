using DisruptorStream.Identities;
using DisruptorStream.Windows.Grids;

namespace DisruptorStream.Windows.Calendars;

/// <summary>Windows of a number of hours, days, weeks, months, quarters or years in a time zone.</summary>
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

    public override long UsualSliceTicks => Count * Unit switch
    {
        CalendarUnit.Hour => TimeSpan.TicksPerHour,
        CalendarUnit.Day => TimeSpan.TicksPerDay,
        CalendarUnit.Week => 7 * TimeSpan.TicksPerDay,
        _ => 30 * Months * TimeSpan.TicksPerDay / Count,
    };

    /// <summary>How many months a window has; 0 where it is not made of months.</summary>
    public int Months => Unit switch
    {
        CalendarUnit.Month => Count,
        CalendarUnit.Quarter => 3 * Count,
        CalendarUnit.Year => 12 * Count,
        _ => 0,
    };

    public override SliceGrid NewGrid() => new CalendarGrid(new WallClockEdges(this));

    public override bool NestsIn(GridWindows coarser)
    {
        if (coarser is not CalendarWindows windows || !IsInZoneOf(windows))
            return false;
        return Unit switch
        {
            CalendarUnit.Hour => windows.Unit != CalendarUnit.Hour || windows.Count % Count == 0,
            CalendarUnit.Day when Count == 1 => windows.Unit != CalendarUnit.Hour,
            CalendarUnit.Day => windows.Unit == CalendarUnit.Day && windows.Count % Count == 0,
            CalendarUnit.Week => windows.Unit == CalendarUnit.Week && windows.Count % Count == 0
                && windows.FirstDayOfWeek == FirstDayOfWeek,
            _ => windows.Months > 0 && windows.Months % Months == 0,
        };
    }

    public override bool Meets(GridWindows other)
    {
        if (other is not CalendarWindows windows || !IsInZoneOf(windows))
            return false;
        if (Months > 0 || windows.Months > 0 || Unit != windows.Unit)
            return Months > 0 && Months == windows.Months;
        return Count == windows.Count && (Unit != CalendarUnit.Week || FirstDayOfWeek == windows.FirstDayOfWeek);
    }

    public override IReadOnlyList<TimeZoneInfo> Zones =>
        string.Equals(Zone.Id, TimeZoneInfo.Utc.Id, StringComparison.Ordinal) ? [] : [Zone];

    public override string Describe() => $"{DescribeLength()} in {Zone.Id}";

    /// <summary>What a window lasts, in words, without the zone.</summary>
    public string DescribeLength()
    {
        var unit = Unit.ToString().ToLowerInvariant();
        var length = Count == 1 ? $"every {unit}" : FormattableString.Invariant($"every {Count} {unit}s");
        var begins = Unit == CalendarUnit.Week ? $" from {FirstDayOfWeek}" : "";
        return $"calendar, {length}{begins}";
    }

    public override void Identify(IdentityWriter writer)
    {
        writer.Add("calendar");
        writer.Add((long)Unit);
        writer.Add(Count);
        writer.Add(Zone.Id);
        writer.Add(Unit == CalendarUnit.Week ? (long)FirstDayOfWeek : 0);
    }

    private bool IsInZoneOf(CalendarWindows other) => string.Equals(Zone.Id, other.Zone.Id, StringComparison.Ordinal);
}
