using System.Buffers.Text;
using System.Globalization;

namespace DisruptorStream.Cli.Input;

/// <summary>
/// Reads times from UTF-8, without a string. What is finer than a tick of 100 ns is cut off towards the past.
/// </summary>
internal static class TimeParser
{
    private const int LengthOfDate = 10;

    /// <summary>Ticks of 100 ns since the Unix epoch.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, TimeFormat format, out long ticks) => format switch
    {
        TimeFormat.Iso => TryParseIso(text, out ticks),
        TimeFormat.UnixSeconds => TryParseUnix(text, TimeSpan.TicksPerSecond, 1, out ticks),
        TimeFormat.UnixMilliseconds => TryParseUnix(text, TimeSpan.TicksPerMillisecond, 1, out ticks),
        TimeFormat.UnixMicroseconds => TryParseUnix(text, TimeSpan.TicksPerMicrosecond, 1, out ticks),
        _ => TryParseUnix(text, 1, 100, out ticks),
    };

    /// <summary>Which format would read a text, in brackets; nothing where none would.</summary>
    public static string Hint(ReadOnlySpan<byte> text)
    {
        var format = TryParseIso(text, out _) ? "iso" : text.ContainsAnyExceptInRange((byte)'0', (byte)'9') ? null
            : text.Length switch
            {
                9 or 10 => "unix-s",
                12 or 13 => "unix-ms",
                15 or 16 => "unix-us",
                18 or 19 => "unix-ns",
                _ => null,
            };
        return format is null ? "" : $" (--time-format {format} reads it)";
    }

    /// <summary>
    /// A count of units, with or without a fraction: exact, since a double would lose the last digits.
    /// </summary>
    private static bool TryParseUnix(ReadOnlySpan<byte> text, long ticksPerUnit, long unitsPerTick, out long ticks)
    {
        // Whole numbers are the rule, and much the cheaper case.
        if (Utf8Parser.TryParse(text, out long whole, out var consumed) && consumed == text.Length
            && whole > long.MinValue / ticksPerUnit && whole < long.MaxValue / ticksPerUnit)
        {
            ticks = unitsPerTick == 1 ? whole * ticksPerUnit : Floor(whole, unitsPerTick);
            return true;
        }

        ticks = 0;
        if (!decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var units))
            return false;
        var exact = decimal.Floor(units * ticksPerUnit / unitsPerTick);
        if (exact <= long.MinValue || exact >= long.MaxValue)
            return false;
        ticks = (long)exact;
        return true;
    }

    private static long Floor(long value, long divisor)
    {
        var (quotient, remainder) = Math.DivRem(value, divisor);
        return remainder < 0 ? quotient - 1 : quotient;
    }

    /// <summary>yyyy-MM-dd, then T or a space, HH:mm[:ss[.fraction]], then nothing (UTC), Z, or an offset.</summary>
    private static bool TryParseIso(ReadOnlySpan<byte> text, out long ticks)
    {
        ticks = 0;
        if (!TryParseDate(text, out var date))
            return false;
        var rest = text[LengthOfDate..];
        long timeOfDay = 0;
        if (rest.Length > 0)
        {
            if (rest[0] is not ((byte)'T' or (byte)'t' or (byte)' '))
                return false;
            rest = rest[1..];
            if (!TryTakeTimeOfDay(ref rest, out timeOfDay))
                return false;
        }

        if (!TryTakeOffset(rest, out var offset))
            return false;
        ticks = date.Ticks - DateTime.UnixEpoch.Ticks + timeOfDay - offset;
        return true;
    }

    private static bool TryParseDate(ReadOnlySpan<byte> text, out DateTime date)
    {
        date = default;
        if (text.Length < LengthOfDate || text[4] != '-' || text[7] != '-'
            || !TryDigits(text[..4], out var year)
            || !TryDigits(text[5..7], out var month)
            || !TryDigits(text[8..10], out var day)
            || year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month))
        {
            return false;
        }

        date = new DateTime(year, month, day, 0, 0, 0, DateTimeKind.Utc);
        return true;
    }

    private static bool TryTakeTimeOfDay(ref ReadOnlySpan<byte> text, out long ticks)
    {
        ticks = 0;
        if (text.Length < 5 || text[2] != ':' || !TryDigits(text[..2], out var hours) || !TryDigits(
            text[3..5], out var minutes)
            || hours > 23 || minutes > 59)
        {
            return false;
        }

        ticks = (hours * TimeSpan.TicksPerHour) + (minutes * TimeSpan.TicksPerMinute);
        text = text[5..];
        if (text.Length == 0 || text[0] != ':')
            return true;
        if (text.Length < 3 || !TryDigits(text[1..3], out var seconds) || seconds > 59)
            return false;
        ticks += seconds * TimeSpan.TicksPerSecond;
        text = text[3..];
        return text.Length == 0 || text[0] is not ((byte)'.' or (byte)',') || TryTakeFraction(ref text, ref ticks);
    }

    private static bool TryTakeFraction(ref ReadOnlySpan<byte> text, ref long ticks)
    {
        var digits = 1;
        var unit = TimeSpan.TicksPerSecond / 10;
        for (; digits < text.Length && text[digits] is >= (byte)'0' and <= (byte)'9'; digits++)
        {
            ticks += (text[digits] - '0') * unit;
            unit /= 10;
        }

        text = text[digits..];
        return digits > 1;
    }

    private static bool TryTakeOffset(ReadOnlySpan<byte> text, out long ticks)
    {
        ticks = 0;
        if (text.Length == 0 || text is [(byte)'Z' or (byte)'z'])
            return true;
        if (text[0] is not ((byte)'+' or (byte)'-'))
            return false;
        var digits = text[1..];
        var minutesAt = digits.Length switch
        {
            2 => -1,
            4 => 2,
            5 when digits[2] == ':' => 3,
            _ => -2,
        };
        if (minutesAt == -2 || !TryDigits(digits[..2], out var hours) || hours > 14)
            return false;
        var minutes = 0;
        if (minutesAt > 0 && (!TryDigits(digits[minutesAt..], out minutes) || minutes > 59))
            return false;
        ticks = (hours * TimeSpan.TicksPerHour) + (minutes * TimeSpan.TicksPerMinute);
        if (text[0] == '-')
            ticks = -ticks;
        return true;
    }

    private static bool TryDigits(ReadOnlySpan<byte> text, out int value) =>
        Utf8Parser.TryParse(text, out value, out var consumed) && consumed == text.Length && text[0] is not (
            (byte)'-' or (byte)'+');
}
