using CsCheck;
using DisruptorStream.Windows;
using DisruptorStream.Windows.Calendars;
using DisruptorStream.Windows.Grids;

namespace DisruptorStream.Tests.Windows.Grids;

/// <summary>Which sizes of windows share slices.</summary>
public sealed class SliceLevelsTests
{
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    private static readonly Gen<FixedWindows> AnyWindows = Gen.Select(
        Gen.Long[1, 24], Gen.Long[1, 24], Gen.Long[-30, 30], (size, slide, offset) =>
            new FixedWindows(size, slide, offset));

    /// <summary>A level that is said to nest has no slice that lies in two of the others.</summary>
    [Fact]
    public void NestsIn_AnyWindows_NoSliceIsCut() => Gen.Select(AnyWindows, AnyWindows).Sample(
        (fine, coarse) =>
        {
            if (!fine.NestsIn(coarse))
                return;
            var (slices, others) = (fine.NewGrid(), coarse.NewGrid());
            for (var time = -60L; time < 60; time++)
            {
                Assert.True(slices.TryLocate(time, out var slice));
                Assert.False(slices.IsHole(slice));
                Assert.True(others.TryLocate(slices.SliceStart(slice), out var first));
                Assert.True(others.TryLocate(slices.SliceEnd(slice) - 1, out var last));
                Assert.Equal(first, last);
            }
        });

    /// <summary>Where no two windows meet, no window of one is one of the other; and the other way round.</summary>
    [Fact]
    public void Meets_AnyWindows_WhereAWindowIsTheSame() => Gen.Select(AnyWindows, AnyWindows).Sample((left, right) =>
        Assert.Equal(WindowsOf(left.NewGrid()).Intersect(WindowsOf(right.NewGrid())).Any(), left.Meets(right)));

    [Fact]
    public void Feeders_SizesThatDivide_EachIsFedByTheCoarsestThatNests()
    {
        var levels = new SliceLevels(new SeveralWindows(
            [FixedWindows.Tumbling(60), FixedWindows.Tumbling(2), FixedWindows.Tumbling(6), FixedWindows.Tumbling(4)]));

        Assert.Equal([2, 4, 6, 60], levels.Grids.ToArray().Select(grid => grid.WindowEnd(0)));
        Assert.Equal([-1, 0, 0, 2], Enumerable.Range(0, 4).Select(levels.FeederOf));
        Assert.Equal([1, 2], levels.FedBy(0).ToArray());
        Assert.Equal([0], levels.Roots.ToArray());
    }

    [Theory]
    [InlineData(7, 1, 2)]
    [InlineData(6, 0, 1)]
    [InlineData(6, 1, 2)]
    public void Roots_SizeThatCutsSlices_IsEnteredByEvents(long size, long offset, int roots)
    {
        var levels = new SliceLevels(new SeveralWindows(
            [FixedWindows.Tumbling(2), FixedWindows.Tumbling(size, offset)]));

        Assert.Equal(roots, levels.Roots.Length);
    }

    [Fact]
    public void Feeders_Calendar_MinutesHoursDaysMonths()
    {
        var levels = new SliceLevels(new SeveralWindows(
        [
            FixedWindows.Tumbling(TimeSpan.TicksPerMinute),
            new CalendarWindows(CalendarUnit.Hour, 6, Berlin, DayOfWeek.Monday),
            new CalendarWindows(CalendarUnit.Day, 1, Berlin, DayOfWeek.Monday),
            new CalendarWindows(CalendarUnit.Week, 1, Berlin, DayOfWeek.Sunday),
            new CalendarWindows(CalendarUnit.Month, 1, Berlin, DayOfWeek.Monday),
            new CalendarWindows(CalendarUnit.Quarter, 1, Berlin, DayOfWeek.Monday),
        ]));

        Assert.Equal([-1, 0, 1, 2, 2, 4], Enumerable.Range(0, 6).Select(levels.FeederOf));
    }

    /// <summary>Summer and winter, and the nights between them.</summary>
    [Theory]
    [InlineData(CalendarUnit.Hour, 3, CalendarUnit.Day, 1)]
    [InlineData(CalendarUnit.Day, 1, CalendarUnit.Week, 2)]
    [InlineData(CalendarUnit.Month, 2, CalendarUnit.Year, 1)]
    public void NestsIn_Calendar_NoSliceIsCut(CalendarUnit unit, int count, CalendarUnit coarse, int coarseCount)
    {
        var windows = new CalendarWindows(unit, count, Berlin, DayOfWeek.Monday);
        var others = new CalendarWindows(coarse, coarseCount, Berlin, DayOfWeek.Monday);
        Assert.True(windows.NestsIn(others));
        var (slices, grid) = (windows.NewGrid(), others.NewGrid());
        var first = new DateTime(2025, 3, 1, 0, 0, 0, DateTimeKind.Utc).Ticks - DateTime.UnixEpoch.Ticks;
        for (var time = first; time < first + (400 * TimeSpan.TicksPerDay); time += TimeSpan.TicksPerHour)
        {
            Assert.True(slices.TryLocate(time, out var slice));
            Assert.True(grid.TryLocate(slices.SliceStart(slice), out var begin));
            Assert.True(grid.TryLocate(slices.SliceEnd(slice) - 1, out var end));
            Assert.Equal(begin, end);
        }
    }

    [Fact]
    public void Meets_CalendarUnitsThatAreOne_AreRefused()
    {
        var quarter = new CalendarWindows(CalendarUnit.Quarter, 1, Berlin, DayOfWeek.Monday);
        var months = new CalendarWindows(CalendarUnit.Month, 3, Berlin, DayOfWeek.Monday);

        var error = Assert.Throws<ArgumentException>(() => new SeveralWindows([quarter, months]));

        Assert.Contains("could not be told apart", error.Message, StringComparison.Ordinal);
    }

    private static IEnumerable<TimeWindow> WindowsOf(SliceGrid grid)
    {
        for (var window = grid.FirstWindowEndingAfter(-2000); grid.WindowStart(window) < 2000; window++)
            yield return new TimeWindow(grid.WindowStart(window), grid.WindowEnd(window));
    }
}
