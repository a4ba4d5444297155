using System.Globalization;
using DisruptorStream.Identities;
using DisruptorStream.Windows.Grids;

namespace DisruptorStream.Windows.Calendars;

/// <summary>Windows of trading sessions.</summary>
/// <param name="Calendar">When there are sessions.</param>
/// <param name="Outside">What becomes of events between them.</param>
internal sealed record ExchangeWindows(ExchangeCalendar Calendar, OutsideHours Outside) : GridWindows
{
    public override long UsualSliceTicks => TimeSpan.TicksPerDay;

    public override SliceGrid NewGrid() => new CalendarGrid(new ExchangeEdges(this));

    public override IReadOnlyList<TimeZoneInfo> Zones => [Calendar.Zone];

    public override string Describe()
    {
        var from = Outside == OutsideHours.InNoWindow ? Text(Calendar.Open) : "the close before";
        return $"trading sessions of {Calendar.Name}, from {from} to {Text(Calendar.Close)} in {Calendar.Zone.Id}";
    }

    public override void Identify(IdentityWriter writer)
    {
        writer.Add("exchange");
        writer.Add((long)Outside);
        writer.Add(Calendar.Zone.Id);
        writer.Add(Calendar.Open.Ticks);
        writer.Add(Calendar.Close.Ticks);

        // A list of holidays grows year by year, and what has been saved stays what it was.
        var weekdays = 0L;
        foreach (var day in Calendar.Weekdays)
            weekdays |= 1L << (int)day;
        writer.Add(weekdays);
    }

    private static string Text(TimeOnly time) => time.ToString("HH:mm:ss", CultureInfo.InvariantCulture);
}
