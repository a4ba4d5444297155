using System.Text;
using DisruptorStream.Cli.Output;

namespace DisruptorStream.Cli.Tests.Output;

public sealed class TimeTextTests
{
    private const long DayTicks = TimeSpan.TicksPerDay;

    [Theory]
    [InlineData(0L, "1970-01-01T00:00:00Z")]
    [InlineData(2_932_896 * DayTicks, "9999-12-31T00:00:00Z")]
    [InlineData(2_932_897 * DayTicks, "+010000-01-01T00:00:00Z")]
    [InlineData(2_932_897 * DayTicks - 1, "9999-12-31T23:59:59.9999999Z")]
    [InlineData(2_932_956 * DayTicks, "+010000-02-29T00:00:00Z")]
    [InlineData(-719_162 * DayTicks, "0001-01-01T00:00:00Z")]
    [InlineData(-719_162 * DayTicks - 1, "+000000-12-31T23:59:59.9999999Z")]
    [InlineData(-719_528 * DayTicks - 1, "-000001-12-31T23:59:59.9999999Z")]
    [InlineData(-719_162 * DayTicks - 146_097 * DayTicks, "-000399-01-01T00:00:00Z")]
    [InlineData(long.MaxValue, "+031197-09-14T02:48:05.4775807Z")]
    [InlineData(long.MinValue, "-027258-04-19T21:11:54.5224192Z")]
    public void Write_AnyInstant_IsADate(long ticks, string expected)
    {
        var text = new byte[TimeText.MostCharacters];
        var length = TimeText.Write(ticks, text, "yyyy-MM-ddTHH:mm:ss.FFFFFFFZ");

        Assert.Equal(expected, Encoding.ASCII.GetString(text, 0, length));
    }
}
