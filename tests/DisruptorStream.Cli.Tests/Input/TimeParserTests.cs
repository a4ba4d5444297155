using System.Globalization;
using System.Text;
using CsCheck;
using DisruptorStream.Cli.Input;

namespace DisruptorStream.Cli.Tests.Input;

public sealed class TimeParserTests
{
    [Theory]
    [InlineData("2023-11-16 18:17:03.9799600", "2023-11-16T18:17:03.9799600Z")]
    [InlineData("2022-03-08T17:05:53.647Z", "2022-03-08T17:05:53.647Z")]
    [InlineData("2022-03-08T17:05", "2022-03-08T17:05:00Z")]
    [InlineData("2022-03-08", "2022-03-08T00:00:00Z")]
    [InlineData("2022-03-08T17:05:53,5+02:00", "2022-03-08T15:05:53.5Z")]
    [InlineData("2022-03-08T17:05:53-0130", "2022-03-08T18:35:53Z")]
    [InlineData("2022-03-08t17:05:53+02", "2022-03-08T15:05:53Z")]
    [InlineData("0001-01-01T00:00:00.123456789z", "0001-01-01T00:00:00.1234567Z")]
    public void TryParse_Iso_GivesTicks(string text, string expected)
    {
        Assert.True(TimeParser.TryParse(Encoding.UTF8.GetBytes(text), TimeFormat.Iso, out var ticks));
        Assert.Equal(
            DateTimeOffset.Parse(expected, CultureInfo.InvariantCulture).UtcTicks - DateTime.UnixEpoch.Ticks, ticks);
    }

    [Theory]
    [InlineData("2022-03-08", " (--time-format iso reads it)")]
    [InlineData("1700000000", " (--time-format unix-s reads it)")]
    [InlineData("1700000000000", " (--time-format unix-ms reads it)")]
    [InlineData("1700000000000000000", " (--time-format unix-ns reads it)")]
    [InlineData("soon", "")]
    [InlineData("", "")]
    public void Hint_AText_NamesTheFormatThatReadsIt(string text, string expected) =>
        Assert.Equal(expected, TimeParser.Hint(Encoding.UTF8.GetBytes(text)));

    [Theory]
    [InlineData("")]
    [InlineData("2022-02-30")]
    [InlineData("2022-13-01")]
    [InlineData("2022-03-08X17:05")]
    [InlineData("2022-03-08T24:05")]
    [InlineData("2022-03-08T17:60")]
    [InlineData("2022-03-08T17:05:61")]
    [InlineData("2022-03-08T17:05:53.")]
    [InlineData("2022-03-08T17:05:53+2")]
    [InlineData("2022-03-08T17:05:53Zx")]
    [InlineData("20220308")]
    [InlineData("+022-03-08")]
    public void TryParse_NotIso_SaysSo(string text) =>
        Assert.False(TimeParser.TryParse(Encoding.UTF8.GetBytes(text), TimeFormat.Iso, out _));

    [Theory]
    [InlineData("1700000000", (int)TimeFormat.UnixSeconds, 17_000_000_000_000_000)]
    [InlineData("1700000000.1234567", (int)TimeFormat.UnixSeconds, 17_000_000_001_234_567)]
    [InlineData("-1.5", (int)TimeFormat.UnixMilliseconds, -15_000)]
    [InlineData("17", (int)TimeFormat.UnixMicroseconds, 170)]
    [InlineData("250", (int)TimeFormat.UnixNanoseconds, 2)]
    [InlineData("-1", (int)TimeFormat.UnixNanoseconds, -1)]
    [InlineData("1700000000123456789", (int)TimeFormat.UnixNanoseconds, 17_000_000_001_234_567)]
    public void TryParse_Unix_GivesTicks(string text, int format, long expected)
    {
        Assert.True(TimeParser.TryParse(Encoding.UTF8.GetBytes(text), (TimeFormat)format, out var ticks));
        Assert.Equal(expected, ticks);
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("99999999999999999999")]
    public void TryParse_NotUnix_SaysSo(string text) =>
        Assert.False(TimeParser.TryParse(Encoding.UTF8.GetBytes(text), TimeFormat.UnixMilliseconds, out _));

    [Fact]
    public void TryParse_AnyTime_IsWhatDateTimeOffsetReads() =>
        Gen.DateTimeOffset.Sample(time =>
        {
            var text = Encoding.UTF8.GetBytes(time.ToString("O", CultureInfo.InvariantCulture));
            return TimeParser.TryParse(text, TimeFormat.Iso, out var ticks)
                && ticks == time.UtcTicks - DateTime.UnixEpoch.Ticks;
        });
}
