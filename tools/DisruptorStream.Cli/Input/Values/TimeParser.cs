using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace DisruptorStream.Cli.Input.Values;

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
        if (text is [.., 0] || !decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var units))
            return false;

        // Beyond that, the product would not fit the type: a moment that no calendar has.
        var most = (decimal)long.MaxValue * unitsPerTick / ticksPerUnit;
        if (units >= most || units <= -most)
            return false;
        ticks = (long)decimal.Floor(units * ticksPerUnit / unitsPerTick);
        return true;
    }

    private static long Floor(long value, long divisor)
    {
        var (quotient, remainder) = Math.DivRem(value, divisor);
        return remainder < 0 ? quotient - 1 : quotient;
    }

    /// <summary>
    /// yyyy-MM-dd or yyyyMMdd, then T or a space, HH:mm[:ss[.fraction]] or without the colons, then nothing (UTC), Z,
    /// UTC, GMT, or an offset; with or without a space before it.
    /// </summary>
    private static bool TryParseIso(ReadOnlySpan<byte> text, out long ticks)
    {
        ticks = 0;
        if (!TryTakeDate(ref text, out var date))
            return false;
        long timeOfDay = 0;
        var isLeap = false;
        if (text.Length > 0)
        {
            if (text[0] is not ((byte)'T' or (byte)'t' or (byte)' '))
                return false;
            text = text[1..];
            if (!TryTakeTimeOfDay(ref text, out timeOfDay, out isLeap))
                return false;
        }

        if (!TryTakeOffset(text.TrimStart((byte)' '), out var offset))
            return false;
        ticks = date.Ticks - DateTime.UnixEpoch.Ticks + timeOfDay - offset;

        // A leap second ends a day of UTC, and is the first second of the next day, as in POSIX.
        return !isLeap || (ticks + DateTime.UnixEpoch.Ticks) % TimeSpan.TicksPerDay
            < TimeSpan.TicksPerSecond;
    }

    private static bool TryTakeDate(ref ReadOnlySpan<byte> text, out DateTime date)
    {
        date = default;
        var gap = text.Length >= LengthOfDate && text[4] is (byte)'-' or (byte)'/' && text[7] == text[4] ? 1 : 0;
        var length = LengthOfDate - 2 + (2 * gap);
        if (text.Length < length
            || !TryDigits(text[..4], out var year)
            || !TryDigits(text.Slice(4 + gap, 2), out var month)
            || !TryDigits(text.Slice(6 + (2 * gap), 2), out var day)
            || year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month))
        {
            return false;
        }

        date = new DateTime(year, month, day, 0, 0, 0, DateTimeKind.Utc);
        text = text[length..];
        return true;
    }

    private static bool TryTakeTimeOfDay(ref ReadOnlySpan<byte> text, out long ticks, out bool isLeap)
    {
        (ticks, isLeap) = (0, false);
        var gap = text.Length > 2 && text[2] == ':' ? 1 : 0;
        if (text.Length < 4 + gap
            || !TryDigits(text[..2], out var hours)
            || !TryDigits(text.Slice(2 + gap, 2), out var minutes)
            || hours > 24 || minutes > 59)
        {
            return false;
        }

        ticks = (hours * TimeSpan.TicksPerHour) + (minutes * TimeSpan.TicksPerMinute);
        text = text[(4 + gap)..];
        if (!TryTakeSeconds(ref text, gap, ref ticks, out isLeap))
            return false;
        return hours < 24 || (ticks == TimeSpan.TicksPerDay && !isLeap);
    }

    private static bool TryTakeSeconds(ref ReadOnlySpan<byte> text, int gap, ref long ticks, out bool isLeap)
    {
        isLeap = false;
        if (text.Length == 0 || (gap == 1 ? text[0] != ':' : text[0] is < (byte)'0' or > (byte)'9'))
            return true;
        if (text.Length < 2 + gap || !TryDigits(text.Slice(gap, 2), out var seconds) || seconds > 60)
            return false;
        isLeap = seconds == 60;
        ticks += seconds * TimeSpan.TicksPerSecond;
        text = text[(2 + gap)..];
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
        if (text.Length == 0 || text is [(byte)'Z' or (byte)'z'] || Ascii.EqualsIgnoreCase(text, "UTC"u8)
            || Ascii.EqualsIgnoreCase(text, "GMT"u8))
        {
            return true;
        }

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
