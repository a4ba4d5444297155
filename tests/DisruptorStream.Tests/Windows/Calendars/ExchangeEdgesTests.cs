using DisruptorStream.Windows.Calendars;

namespace DisruptorStream.Tests.Windows.Calendars;

public sealed class ExchangeEdgesTests
{
    private static readonly ExchangeCalendar Exchange = new()
    {
        Name = "shares",
        Zone = TimeZoneInfo.FindSystemTimeZoneById("America/New_York"),
        Open = new TimeOnly(9, 30),
        Close = new TimeOnly(16, 0),
        Holidays = [new DateOnly(2024, 11, 28)],
        HalfDays = new Dictionary<DateOnly, TimeOnly> { [new DateOnly(2024, 11, 29)] = new TimeOnly(13, 0) },
    };

    private static readonly ExchangeCalendar Overnight = new()
    {
        Zone = Exchange.Zone,
        Open = new TimeOnly(18, 0),
        Close = new TimeOnly(17, 0),
    };

    [Theory]
    [InlineData(27, 14, 29, null)]
    [InlineData(27, 14, 30, "27 14:30 - 27 21:00")]
    [InlineData(27, 20, 59, "27 14:30 - 27 21:00")]
    [InlineData(27, 21, 0, null)]
    [InlineData(28, 15, 0, null)]
    [InlineData(29, 17, 59, "29 14:30 - 29 18:00")]
    [InlineData(29, 18, 0, null)]
    [InlineData(30, 15, 0, null)]
    public void Locate_InNoWindowOutside_HasTheSessionOrAHole(int day, int hour, int minute, string? expected) =>
        Assert.Equal(expected, WindowOf(Exchange, OutsideHours.InNoWindow, day, hour, minute));

    [Theory]
    [InlineData(27, 14, 29, "26 21:00 - 27 21:00")]
    [InlineData(27, 21, 0, "27 21:00 - 29 18:00")]
    [InlineData(28, 15, 0, "27 21:00 - 29 18:00")]
    [InlineData(29, 17, 59, "27 21:00 - 29 18:00")]
    [InlineData(24, 15, 0, "22 21:00 - 25 21:00")]
    public void Locate_InNextSessionOutside_GoesFromTheCloseBefore(int day, int hour, int minute, string expected) =>
        Assert.Equal(expected, WindowOf(Exchange, OutsideHours.InNextSession, day, hour, minute));

    [Theory]
    [InlineData(24, 22, 59, null)]
    [InlineData(24, 23, 0, "24 23:00 - 25 22:00")]
    [InlineData(25, 22, 30, null)]
    [InlineData(25, 23, 30, "25 23:00 - 26 22:00")]
    [InlineData(29, 21, 59, "28 23:00 - 29 22:00")]
    [InlineData(29, 23, 30, null)]
    public void Locate_OpensOnTheEveningBefore_HasTheDayOnWhichItCloses(
        int day, int hour, int minute, string? window) =>
        Assert.Equal(window, WindowOf(Overnight, OutsideHours.InNoWindow, day, hour, minute));

    [Theory]
    [InlineData(OutsideHours.InNoWindow)]
    [InlineData(OutsideHours.InNextSession)]
    public void Grid_AHundredThousandMinutes_SlicesFollowEachOther(OutsideHours outside)
    {
        foreach (var calendar in new[] { Exchange, Overnight })
        {
            var grid = new ExchangeWindows(calendar, outside).NewGrid();
            var before = long.MinValue;
            for (var minute = 0; minute < 100_000; minute++)
            {
                var ticks = Ticks(new DateTime(2024, 10, 1).AddMinutes(minute));
                Assert.True(grid.TryLocate(ticks, out var slice));
                Assert.InRange(ticks, grid.SliceStart(slice), grid.SliceEnd(slice) - 1);
                Assert.True(slice >= before);
                for (var between = before + 1; before != long.MinValue && between < slice; between++)
                    Assert.Equal(grid.SliceStart(between), grid.SliceEnd(between));
                Assert.Equal(!grid.IsHole(slice), grid.IsSlice(slice));

                var open = grid.FirstWindowEndingAfter(ticks);
                Assert.True(grid.IsWindow(open));
                Assert.True(grid.WindowEnd(open) > ticks);
                Assert.Equal(grid.WindowEnd(open), grid.NextEndAfter(ticks));
                Assert.Equal(open, grid.IsHole(slice) ? grid.NextWindow(slice >> 1) : grid.FirstWindowOf(slice));
                before = slice;
            }
        }
    }

    private static string? WindowOf(ExchangeCalendar calendar, OutsideHours outside, int day, int hour, int minute)
    {
        var grid = new ExchangeWindows(calendar, outside).NewGrid();
        Assert.True(grid.TryLocate(Ticks(new DateTime(2024, 11, day, hour, minute, 0)), out var slice));
        if (!grid.IsHole(slice))
        {
            var window = grid.FirstWindowOf(slice);
            Assert.Equal(window, grid.LastWindowOf(slice));
            return $"{Text(grid.WindowStart(window))} - {Text(grid.WindowEnd(window))}";
        }

        Assert.True(grid.FirstWindowOf(slice) > grid.LastWindowOf(slice));
        return null;
    }

    private static string Text(long ticks) => $"{DateTime.UnixEpoch.AddTicks(ticks):dd HH:mm}";

    private static long Ticks(DateTime time) => (time - DateTime.UnixEpoch).Ticks;
}
