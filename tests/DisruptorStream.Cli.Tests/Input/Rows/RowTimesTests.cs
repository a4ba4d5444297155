using System.Globalization;
using System.Text;
using DisruptorStream.Cli.Input.Rows;
using DisruptorStream.Cli.Input.Values;

namespace DisruptorStream.Cli.Tests.Input.Rows;

/// <summary>Times of rows are those that <see cref="TimeParser"/> reads.</summary>
public sealed unsafe class RowTimesTests
{
    private static readonly PaddedText Padded = new();

    private const string Any = "0123456789-:./TtZz +,\0eE";

    private static readonly string[] Forms =
    [
        "2026-03-01T10:00:02Z", "2026-03-01T10:00:02.5Z", "2026-03-01 10:00:02", "2026-02-29T00:00:00Z",
        "2024-02-29T23:59:59.9999999Z", "2026-03-01T10:00:02.12345678Z", "2016-12-31T23:59:60Z", "2026-03-01T24:00:00Z",
        "2026-03-01T10:00:02+01:00", "2026/03/01T10:00:02Z", "20260301T100002Z", "2026-03-01", "2026-03-01T10:00:02.Z",
        "2026-03-01T10:00:02ZZ", "2026-03-01T1a:00:02Z", "1969-12-31T23:59:59.1", "1772359202", "1772359202123", "-5",
        "1772359202123456", "1772359202123456789", "1.5", "922337203685", "922337203686", "9223372036854775", " 17 ",
        "\0\0\0\0\0\0\0\0\0\0T00:00:00Z",
    ];

    [Theory]
    [InlineData("iso", TimeFormat.Iso)]
    [InlineData("unix-s", TimeFormat.UnixSeconds)]
    [InlineData("unix-ms", TimeFormat.UnixMilliseconds)]
    [InlineData("unix-us", TimeFormat.UnixMicroseconds)]
    [InlineData("unix-ns", TimeFormat.UnixNanoseconds)]
    public void TryParse_ManyForms_ReadsAsTimeParserDoes(string name, object format)
    {
        var times = new RowTimes((TimeFormat)format);
        foreach (var form in Forms)
            Check(times, (TimeFormat)format, form);
        var random = new Random(name.Length);
        for (var number = 0; number < 20_000; number++)
        {
            var text = random.Next(3) == 0
                ? new DateTime(random.NextInt64(DateTime.MaxValue.Ticks)).ToString("O", CultureInfo.InvariantCulture)
                : Forms[random.Next(Forms.Length)];
            var changed = text.ToCharArray();
            for (var changes = random.Next(3); changes > 0; changes--)
                changed[random.Next(changed.Length)] = Any[random.Next(Any.Length)];
            var length = random.Next(changed.Length / 2, changed.Length + 1);
            Check(times, (TimeFormat)format, new string(changed)[..length]);
        }
    }

    private static void Check(RowTimes times, TimeFormat format, string text)
    {
        var bytes = Encoding.Latin1.GetBytes(text);
        var isTime = TimeParser.TryParse(bytes.AsSpan().Trim(" \t"u8), format, out var expected);
        var padded = Padded.Set(bytes, (byte)'0');

        Assert.True(isTime == times.TryParse(padded.First, padded.Length, out var ticks), text);
        if (isTime)
            Assert.True(expected == ticks, text);
    }
}
