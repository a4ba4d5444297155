using System.Globalization;
using System.Text;
using CsCheck;
using DisruptorStream.Cli.Input.Values;

namespace DisruptorStream.Cli.Tests.Input.Values;

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
    [InlineData("2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z")]
    [InlineData("2016-12-31 23:59:60.5", "2017-01-01T00:00:00.5Z")]
    [InlineData("2017-01-01T00:59:60+01:00", "2017-01-01T00:00:00Z")]
    [InlineData("2016-12-31T24:00:00", "2017-01-01T00:00:00Z")]
    [InlineData("20260301T100002Z", "2026-03-01T10:00:02Z")]
    [InlineData("20260301T100002.25+0200", "2026-03-01T08:00:02.25Z")]
    [InlineData("20260301T1000", "2026-03-01T10:00:00Z")]
    [InlineData("20260301", "2026-03-01T00:00:00Z")]
    [InlineData("2026-03-01 10:00:02 UTC", "2026-03-01T10:00:02Z")]
    [InlineData("2026-03-01 10:00:02 gmt", "2026-03-01T10:00:02Z")]
    [InlineData("2026-03-01 10:00:02 Z", "2026-03-01T10:00:02Z")]
    [InlineData("2026-03-01 10:00:02 +0100", "2026-03-01T09:00:02Z")]
    [InlineData("2026-03-01 10:00:02 -05:30", "2026-03-01T15:30:02Z")]
    [InlineData("2026/03/01 10:00:02", "2026-03-01T10:00:02Z")]
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
    [InlineData("2022-03-08T17:05:60Z")]
    [InlineData("2022-03-08T23:59:60+01:00")]
    [InlineData("2022-03-08T24:00:01")]
    [InlineData("2022-03/08")]
    [InlineData("20220308T1:05")]
    [InlineData("2022-03-08T17:0553")]
    [InlineData("2022-03-08T17:05 PST")]
    [InlineData("2022-03-08T17:05UTC+1")]
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
    [InlineData("1e25")]
    [InlineData("-1e25")]
    [InlineData("1e28")]
    [InlineData("79228162514264337593543950335")]
    [InlineData("1e999")]
    [InlineData("NaN")]
    public void TryParse_NotUnix_SaysSo(string text) =>
        Assert.False(TimeParser.TryParse(Encoding.UTF8.GetBytes(text), TimeFormat.UnixMilliseconds, out _));

    [Theory]
    [InlineData("1e25", (int)TimeFormat.UnixSeconds)]
    [InlineData("922337203685.4775808", (int)TimeFormat.UnixSeconds)]
    [InlineData("1e25", (int)TimeFormat.UnixMicroseconds)]
    [InlineData("1e25", (int)TimeFormat.UnixNanoseconds)]
    public void TryParse_BeyondAnyCalendar_SaysSo(string text, int format) =>
        Assert.False(TimeParser.TryParse(Encoding.UTF8.GetBytes(text), (TimeFormat)format, out _));

    [Fact]
    public void TryParse_AnyTime_IsWhatDateTimeOffsetReads() =>
        Gen.DateTimeOffset.Sample(time =>
        {
            var text = Encoding.UTF8.GetBytes(time.ToString("O", CultureInfo.InvariantCulture));
            return TimeParser.TryParse(text, TimeFormat.Iso, out var ticks)
                && ticks == time.UtcTicks - DateTime.UnixEpoch.Ticks;
        });
}
