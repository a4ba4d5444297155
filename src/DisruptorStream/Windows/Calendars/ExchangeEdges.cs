namespace DisruptorStream.Windows.Calendars;

/// <summary>The opens and closes of an exchange, or its closes alone.</summary>
/// <remarks>
/// A day is numbered from 1970-01-01. Where windows go from close to close, edge d is the last close before day d.
/// Where they go from open to close, edge 2d is the first open of day d or later, and edge 2d + 1 the close of day d,
/// or the same open where day d has no session. So a day without a session is a window without length.
/// </remarks>
internal sealed class ExchangeEdges : CalendarEdges
{
    // A calendar that is closed for longer has no session near its ends, which are far away.
    private const int MostDaysClosed = 366 * 100;

    private static readonly int EpochDay = DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;

    private readonly ZoneClock _clock;
    private readonly ExchangeCalendar _calendar;
    private readonly bool[] _isTradingDay = new bool[7];
    private readonly HashSet<DateOnly> _holidays;
    private readonly bool _opensBefore;

    public ExchangeEdges(ExchangeWindows windows)
    {
        _calendar = windows.Calendar;
        _clock = new ZoneClock(_calendar.Zone);
        _holidays = [.. _calendar.Holidays];
        _opensBefore = _calendar.Open >= _calendar.Close;
        HasHoles = windows.Outside == OutsideHours.InNoWindow;
        foreach (var day in _calendar.Weekdays)
            _isTradingDay[(int)day] = true;
    }

    public override bool HasHoles { get; }

    public override bool TryFind(long edge, out long ticks)
    {
        if (!HasHoles)
            return TryCloseBefore(edge, out ticks);
        var day = edge >> 1;
        return (edge & 1) != 0 && IsSession(day) ? TryClose(day, out ticks) : TryOpenFrom(day + (edge & 1), out ticks);
    }

    public override long EdgeNear(long ticks)
    {
        // The session of the next day may have opened already, and is found from here.
        var day = TickMath.FloorDiv(_clock.LocalAt(ticks), TimeSpan.TicksPerDay);
        if (!HasHoles)
            return day;
        while (day > -EpochDay && TryFind(2 * day, out var open) && open > ticks)
            day--;
        return 2 * day;
    }

    private static DateOnly DateOf(long day) => DateOnly.FromDayNumber((int)day + EpochDay);

    private static bool IsDay(long day) =>
        day >= -EpochDay && day <= DateOnly.MaxValue.DayNumber - EpochDay;

    private bool IsSession(long day)
    {
        if (!IsDay(day))
            return false;
        var date = DateOf(day);
        return _isTradingDay[(int)date.DayOfWeek] && !_holidays.Contains(date);
    }

    private bool TryClose(long day, out long ticks)
    {
        var close = _calendar.HalfDays.TryGetValue(DateOf(day), out var early) ? early : _calendar.Close;
        return _clock.TryFirstReach((day * TimeSpan.TicksPerDay) + close.Ticks, out ticks);
    }

    private bool TryCloseBefore(long day, out long ticks)
    {
        for (var before = day - 1; before >= day - MostDaysClosed && IsDay(before); before--)
        {
            if (IsSession(before))
                return TryClose(before, out ticks);
        }

        ticks = 0;
        return false;
    }

    private bool TryOpenFrom(long day, out long ticks)
    {
        for (var next = day; next <= day + MostDaysClosed && IsDay(next); next++)
        {
            if (!IsSession(next))
                continue;
            var openDay = _opensBefore ? next - 1 : next;
            return _clock.TryFirstReach((openDay * TimeSpan.TicksPerDay) + _calendar.Open.Ticks, out ticks);
        }

        ticks = 0;
        return false;
    }
}
