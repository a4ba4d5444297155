using System.Globalization;

namespace DisruptorStream.Windows.Texts;

/// <summary>Lengths of time as people write them: 100ms, 30s, 5m, 6h, 1d, 1.5h.</summary>
internal static class Duration
{
    private const NumberStyles Styles = NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign;

    private static readonly (string Unit, long Ticks)[] Units =
    [
        ("us", TimeSpan.TicksPerMicrosecond),
        ("ms", TimeSpan.TicksPerMillisecond),
        ("s", TimeSpan.TicksPerSecond),
        ("m", TimeSpan.TicksPerMinute),
        ("h", TimeSpan.TicksPerHour),
        ("d", TimeSpan.TicksPerDay),
    ];

    /// <exception cref="FormatException">The text is not a length of time.</exception>
    public static TimeSpan Parse(string text)
    {
        var digits = text.AsSpan().TrimEnd("abcdefghijklmnopqrstuvwxyz");
        var unit = text[digits.Length..];
        foreach (var (name, ticks) in Units)
        {
            if (!string.Equals(unit, name, StringComparison.Ordinal))
                continue;
            if (!double.TryParse(digits, Styles, CultureInfo.InvariantCulture, out var about) || double.IsNaN(about))
                break;
            if (decimal.TryParse(digits, Styles, CultureInfo.InvariantCulture, out var count)
                && Math.Abs(count) <= (decimal)long.MaxValue / ticks)
            {
                var length = TimeSpan.FromTicks((long)(count * ticks));
                return count == 0 || length != TimeSpan.Zero
                    ? length
                    : throw new FormatException($"'{text}' is too short; 0.1us is the shortest.");
            }

            throw new FormatException($"'{text}' is too long; {TimeSpan.MaxValue.Days}d is the longest.");
        }

        throw new FormatException(
            $"'{text}' is not a length of time; "
            + (Meant(unit) is { } meant && digits.Length > 0
                ? $"did you mean '{digits}{meant}'?"
                : "write a number and one of us, ms, s, m, h and d, such as 30s or 5m."));
    }

    /// <summary>A length in the largest unit of which it is a whole number.</summary>
    public static string Format(TimeSpan length)
    {
        var (unit, ticks) = length == TimeSpan.Zero
            ? ("s", 1)
            : Array.FindLast(Units, one => length.Ticks % one.Ticks == 0);
        if (ticks == 0)
            (unit, ticks) = Units[0];
        return string.Create(CultureInfo.InvariantCulture, $"{(decimal)length.Ticks / ticks}{unit}");
    }

    private static string? Meant(string unit) => unit switch
    {
        "min" or "mins" or "minute" or "minutes" => "m",
        "sec" or "secs" or "second" or "seconds" => "s",
        "msec" or "millis" or "milliseconds" => "ms",
        "hr" or "hrs" or "hour" or "hours" => "h",
        "day" or "days" => "d",
        _ => null,
    };
}
