using DisruptorStream.Expressions;
using DisruptorStream.Windows.Calendars;
using DisruptorStream.Windows.Silences;
using DisruptorStream.Windows.Texts;

namespace DisruptorStream.Tests.Windows.Texts;

public sealed class WindowSpecTests
{
    [Theory]
    [InlineData("calendar:day", CalendarUnit.Day, 1, DayOfWeek.Monday, "UTC")]
    [InlineData("calendar:day@Europe/Berlin", CalendarUnit.Day, 1, DayOfWeek.Monday, "Europe/Berlin")]
    [InlineData("calendar:6hours@America/New_York", CalendarUnit.Hour, 6, DayOfWeek.Monday, "America/New_York")]
    [InlineData("calendar:week-sunday", CalendarUnit.Week, 1, DayOfWeek.Sunday, "UTC")]
    [InlineData("calendar:2weeks-saturday@Europe/Berlin", CalendarUnit.Week, 2, DayOfWeek.Saturday, "Europe/Berlin")]
    [InlineData("calendar:quarter", CalendarUnit.Quarter, 1, DayOfWeek.Monday, "UTC")]
    [InlineData("calendar:10years", CalendarUnit.Year, 10, DayOfWeek.Monday, "UTC")]
    public void Parse_Calendar_IsRead(string text, CalendarUnit unit, int count, DayOfWeek first, string zone)
    {
        var calendar = WindowSpec.Parse(text).Calendar!;

        Assert.Equal((unit, count, first, zone), (
            calendar.Unit, calendar.Count, calendar.FirstDayOfWeek, calendar.Zone.Id));
    }

    [Theory]
    [InlineData("silence:60s", 60, 86_400)]
    [InlineData("silence:1d", 86_400, 864_000)]
    [InlineData("silence:60s/5m", 60, 300)]
    [InlineData("silence:60s/60s", 60, 60)]
    public void Parse_Silence_SaysHowLongAKeyIsKept(string text, int afterSeconds, int keptSeconds) => Assert.Equal(
        new SilenceWindows(afterSeconds * TimeSpan.TicksPerSecond, keptSeconds * TimeSpan.TicksPerSecond),
        WindowSpec.Parse(text).DefinitionOf(default));

    [Theory]
    [InlineData("silence:60s/59s", "write at least 60s", 12, 3)]
    [InlineData("calendar:", "There is no calendar unit ''", 9, 1)]
    [InlineData("calendar:dya", "did you mean 'day'?", 9, 3)]
    [InlineData("calendar:5hours", "1, 2, 3, 4, 6, 8, 12 or 24", 9, 1)]
    [InlineData("calendar:0days", "at least 1", 9, 1)]
    [InlineData("calendar:12345678days", "is too many", 9, 8)]
    [InlineData("calendar:day-sunday", "A first day is for weeks", 12, 7)]
    [InlineData("calendar:week-sonday", "did you mean 'sunday'?", 14, 6)]
    [InlineData("calendar:day@Europe/Berlim", "did you mean 'Europe/Berlin'?", 13, 13)]
    [InlineData("day:1", "did you mean 'calendar:day'?", 0, 3)]
    public void Parse_WrongCalendar_SaysWhatAndWhere(string text, string message, int start, int length)
    {
        var error = Assert.Throws<ExpressionException>(() => WindowSpec.Parse(text));

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Equal((start, length), (error.Start, error.Length));
    }

    [Theory]
    [InlineData("tumbling")]
    [InlineData("hopping:5m")]
    [InlineData("tumbling:5m/1m")]
    [InlineData("sliding:5m")]
    [InlineData("session:0s")]
    public void Parse_NotAWindow_SaysSo(string text) =>
        Assert.ThrowsAny<FormatException>(() => WindowSpec.Parse(text));
}
