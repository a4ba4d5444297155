using DisruptorStream.Windows.Calendars;

namespace DisruptorStream.Tests.Windows.Calendars;

/// <summary>
/// Which window a moment is in, found by watching the clock on the wall: it is that of the highest boundary that the
/// wall has reached so far.
/// </summary>
internal sealed class WallClockModel
{
    private readonly CalendarWindows _windows;

    public WallClockModel(CalendarWindows windows) => _windows = windows;

    /// <summary>A number that grows from window to window. Watches two days, minute by minute.</summary>
    public long WindowAt(DateTime time)
    {
        var highest = Ordinal(time);
        for (var minute = 1; minute <= 2 * 24 * 60; minute++)
            highest = Math.Max(highest, Ordinal(time.AddMinutes(-minute)));
        return highest;
    }

    private long Ordinal(DateTime time)
    {
        var wall = time + _windows.Zone.GetUtcOffset(time);
        var days = (wall.Date - DateTime.UnixEpoch.Date).Days;
        var sinceFirstDay = days + (((int)DayOfWeek.Thursday - (int)_windows.FirstDayOfWeek + 7) % 7);
        var months = (wall.Year * 12) + wall.Month - 1;
        return _windows.Unit switch
        {
            CalendarUnit.Hour => FloorDiv((days * 24L) + wall.Hour),
            CalendarUnit.Day => FloorDiv(days),
            CalendarUnit.Week => FloorDiv((long)Math.Floor(sinceFirstDay / 7.0)),
            CalendarUnit.Month => FloorDiv(months),
            CalendarUnit.Quarter => FloorDiv(months / 3),
            _ => FloorDiv(wall.Year),
        };
    }

    private long FloorDiv(long value) => (long)Math.Floor((double)value / _windows.Count);
}
