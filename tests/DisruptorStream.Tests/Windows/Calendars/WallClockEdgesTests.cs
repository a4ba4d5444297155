using System.Globalization;
using CsCheck;
using DisruptorStream.Windows.Calendars;

namespace DisruptorStream.Tests.Windows.Calendars;

public sealed class WallClockEdgesTests
{
    private static readonly string[] Zones =
    [
        "UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kathmandu",
        "Africa/Casablanca", "America/Sao_Paulo", "Asia/Tehran", "Pacific/Chatham", "Africa/Cairo", "Asia/Beirut",
        "America/St_Johns", "Europe/Dublin", "Antarctica/Troll", "Pacific/Kwajalein", "America/Nuuk", "Asia/Gaza",
    ];

    private static readonly Gen<CalendarWindows> AnyWindows = Gen.Select(
        Gen.Enum<CalendarUnit>(),
        Gen.Int[0, 5].Select(index => new[] { 1, 2, 3, 4, 6, 12 }[index]),
        Gen.Int[0, Zones.Length - 1].Select(index => Zones[index]),
        Gen.Enum<DayOfWeek>(),
        (unit, count, zone, first) =>
            new CalendarWindows(unit, count, TimeZoneInfo.FindSystemTimeZoneById(zone), first));

    /// <summary>Minutes of the years 1945 to 2040, many of them near a change of the offset.</summary>
    private static readonly Gen<DateTime> AnyTime = Gen.OneOf(
        Gen.Int[1945, 2039].Select(Gen.Int[0, 366 * 24 * 60], (year, minute) => Utc(year, 1, 1).AddMinutes(minute)),
        Gen.Int[1970, 2039].Select(Gen.Int[3, 11], Gen.Int[0, 31 * 24 * 60], (year, month, minute) =>
            Utc(year, month, 1).AddMinutes(minute)));

    [Fact]
    public void Grid_AnyZoneAndTime_HasTheWindowThatTheWallShows() =>
        Gen.Select(AnyWindows, AnyTime).Sample(
            (windows, time) =>
            {
                var grid = windows.NewGrid();
                var model = new WallClockModel(windows);

                Assert.True(grid.TryLocate(Ticks(time), out var slice));
                var window = grid.FirstWindowOf(slice);
                var (start, end) = (Time(grid.WindowStart(window)), Time(grid.WindowEnd(window)));

                var expected = model.WindowAt(time);
                Assert.InRange(time, start, end.AddTicks(-1));
                Assert.Equal(expected, model.WindowAt(start));
                Assert.True(model.WindowAt(start.AddMinutes(-1)) < expected);
                Assert.Equal(expected, model.WindowAt(end.AddMinutes(-1)));
                Assert.True(model.WindowAt(end) > expected);
            },
            iter: 200);

    [Theory]
    [InlineData("Europe/Berlin", "2024-03-31T12:00", 23)]
    [InlineData("Europe/Berlin", "2024-10-27T12:00", 25)]
    [InlineData("Europe/Berlin", "2024-06-01T12:00", 24)]
    [InlineData("Australia/Lord_Howe", "2024-10-05T20:00", 23.5)]
    [InlineData("Australia/Lord_Howe", "2024-04-07T00:00", 24.5)]
    public void Days_WhereTheOffsetChanges_LastWhatTheWallShows(string zone, string time, double hours)
    {
        var (start, end) = WindowOf(CalendarUnit.Day, 1, zone, time);

        Assert.Equal(TimeSpan.FromHours(hours), end - start);
    }

    [Fact]
    public void Hours_OneThatOccursTwice_IsOneWindowOfTwoHours()
    {
        var (start, end) = WindowOf(CalendarUnit.Hour, 1, "Europe/Berlin", "2024-10-27T01:30");

        Assert.Equal((Utc(2024, 10, 27, 0), Utc(2024, 10, 27, 2)), (start, end));
    }

    [Fact]
    public void Days_OneThatTheZoneLeftOut_IsNone()
    {
        var grid = NewGrid(CalendarUnit.Day, 1, "Pacific/Apia");
        Assert.True(grid.TryLocate(Ticks(Utc(2011, 12, 30, 9)), out var before));
        Assert.True(grid.TryLocate(Ticks(Utc(2011, 12, 30, 10)), out var after));

        Assert.Equal(before + 2, after);
        Assert.Equal(after, grid.NextWindow(before));
        Assert.Equal(grid.SliceStart(before + 1), grid.SliceEnd(before + 1));
        Assert.False(grid.IsSlice(before + 1));
        Assert.False(grid.IsWindow(before + 1));
        Assert.True(grid.IsWindow(after));
    }

    [Theory]
    [InlineData(CalendarUnit.Day, 3, "1970-01-03T23:00", "1970-01-01", "1970-01-04")]
    [InlineData(CalendarUnit.Week, 1, "1970-01-01T00:00", "1969-12-29", "1970-01-05")]
    [InlineData(CalendarUnit.Week, 2, "1970-01-06T00:00", "1969-12-29", "1970-01-12")]
    [InlineData(CalendarUnit.Month, 5, "2024-06-15T00:00", "2024-03-01", "2024-08-01")]
    [InlineData(CalendarUnit.Quarter, 1, "2024-06-15T00:00", "2024-04-01", "2024-07-01")]
    [InlineData(CalendarUnit.Year, 10, "2024-06-15T00:00", "2020-01-01", "2030-01-01")]
    public void Multiples_InUtc_AreCountedFromWhereTheRuleSays(
        CalendarUnit unit, int count, string time, string start, string end) =>
        Assert.Equal((Parse(start), Parse(end)), WindowOf(unit, count, "UTC", time));

    [Fact]
    public void Grid_EndsOfTime_TakesWhatCanBeExpressed()
    {
        var grid = NewGrid(CalendarUnit.Day, 1, "Etc/GMT-9");
        var first = Ticks(Utc(1, 1, 1, 15));
        var end = Ticks(Utc(9999, 12, 31, 15));

        Assert.False(grid.TryLocate(first - 1, out _));
        Assert.True(grid.TryLocate(first, out var slice));
        Assert.Equal(first, grid.SliceStart(slice));
        Assert.True(grid.TryLocate(end - 1, out slice));
        Assert.Equal(end, grid.SliceEnd(slice));
        Assert.False(grid.TryLocate(end, out _));
        Assert.Throws<OverflowException>(() => grid.SliceEnd(slice + 1));
        Assert.Equal(grid.FirstWindowOf(slice), grid.FirstWindowEndingAfter(end - 1));
        Assert.Equal(long.MaxValue, grid.NextWindow(grid.FirstWindowOf(slice)));
        Assert.Equal(long.MaxValue, grid.NextEndAfter(end));
        Assert.Equal(first + TimeSpan.TicksPerDay, grid.NextEndAfter(long.MinValue + 1));
    }

    private static (DateTime Start, DateTime End) WindowOf(CalendarUnit unit, int count, string zone, string time)
    {
        var grid = NewGrid(unit, count, zone);
        Assert.True(grid.TryLocate(Ticks(Parse(time)), out var slice));
        return (Time(grid.SliceStart(slice)), Time(grid.SliceEnd(slice)));
    }

    private static DisruptorStream.Windows.SliceGrid NewGrid(CalendarUnit unit, int count, string zone) =>
        new CalendarWindows(unit, count, TimeZoneInfo.FindSystemTimeZoneById(zone), DayOfWeek.Monday).NewGrid();

    private static DateTime Utc(int year, int month, int day, int hour = 0) =>
        new(year, month, day, hour, 0, 0, DateTimeKind.Utc);

    private static DateTime Parse(string text) => DateTime.Parse(
        text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);

    private static long Ticks(DateTime time) => (time - DateTime.UnixEpoch).Ticks;

    private static DateTime Time(long ticks) => DateTime.UnixEpoch.AddTicks(ticks);
}
