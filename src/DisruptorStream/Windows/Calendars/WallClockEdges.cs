namespace DisruptorStream.Windows.Calendars;

/// <summary>Edges each number of hours, days, weeks, months, quarters or years, by local time.</summary>
internal sealed class WallClockEdges : CalendarEdges
{
    private const int MonthsPerYear = 12;
    private const int DaysPerWeek = 7;
    private const int FirstMonth = MonthsPerYear;
    private const int EndMonth = 10_000 * MonthsPerYear;

    private readonly ZoneClock _clock;
    private readonly int _months;

    // From one edge to the next, where windows are not made of months.
    private readonly long _stepTicks;
    private readonly long _firstTicks;

    public WallClockEdges(CalendarWindows windows)
    {
        _clock = new ZoneClock(windows.Zone);
        _months = windows.Months;
        _stepTicks = windows.UsualSliceTicks;
        if (windows.Unit != CalendarUnit.Week)
            return;
        var daysInto = ((int)DateTime.UnixEpoch.DayOfWeek - (int)windows.FirstDayOfWeek + DaysPerWeek) % DaysPerWeek;
        _firstTicks = -daysInto * TimeSpan.TicksPerDay;
    }

    public override bool TryFind(long edge, out long ticks)
    {
        ticks = 0;
        return TryLocal(edge, out var local) && _clock.TryFirstReach(local, out ticks);
    }

    public override long EdgeNear(long ticks)
    {
        var local = _clock.LocalAt(ticks);
        if (_months == 0)
            return TickMath.FloorDiv(local - _firstTicks, _stepTicks);

        // The ends of time may lie in year 0 or 10000 on the wall.
        var date = new DateTime(Math.Clamp(local - ZoneClock.EarliestTicks, 0, DateTime.MaxValue.Ticks));
        var month = (date.Year * MonthsPerYear) + date.Month - 1;
        return TickMath.FloorDiv(local < ZoneClock.EarliestTicks ? FirstMonth - 1 : month, _months);
    }

    /// <summary>When an edge is on the wall; false where no calendar of ours reaches that far.</summary>
    private bool TryLocal(long edge, out long local)
    {
        local = 0;
        if (_months == 0)
        {
            var exact = ((Int128)edge * _stepTicks) + _firstTicks;
            local = TickMath.Saturate(exact);
            return exact == local;
        }

        var month = (Int128)edge * _months;
        if (month < FirstMonth || month >= EndMonth)
            return false;
        var (year, monthOfYear) = Math.DivRem((int)month, MonthsPerYear);
        local = new DateTime(year, monthOfYear + 1, 1).Ticks + ZoneClock.EarliestTicks;
        return true;
    }
}
