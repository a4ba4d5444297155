using System.Runtime.CompilerServices;
using DisruptorStream.Cli.Input.Values;

namespace DisruptorStream.Cli.Input.Rows;

/// <summary>
/// Reads times of rows as <see cref="TimeParser"/> does; the common forms by the places of their digits.
/// </summary>
internal sealed unsafe class RowTimes
{
    private const int DateBytes = 10;
    private const int SecondsBytes = 19;
    private const int MostFraction = 7;

    private readonly TimeFormat _format;
    private readonly long _ticksPerUnit;
    private readonly long _mostUnits;

    // The date that was read last: rows of one day come together.
    private ulong _date;
    private ushort _dateEnd;
    private long _dateTicks;

    public RowTimes(TimeFormat format)
    {
        _format = format;
        _ticksPerUnit = format switch
        {
            TimeFormat.UnixSeconds => TimeSpan.TicksPerSecond,
            TimeFormat.UnixMilliseconds => TimeSpan.TicksPerMillisecond,
            TimeFormat.UnixMicroseconds => TimeSpan.TicksPerMicrosecond,
            _ => 0,
        };
        fixed (byte* epoch = "1970-01-01"u8)
        {
            _date = Unsafe.ReadUnaligned<ulong>(epoch);
            _dateEnd = Unsafe.ReadUnaligned<ushort>(epoch + sizeof(ulong));
        }

        _mostUnits = _ticksPerUnit == 0 ? long.MaxValue : long.MaxValue / _ticksPerUnit;
    }

    /// <summary>Ticks since the Unix epoch.</summary>
    /// <param name="text">The first byte, with <see cref="PaddedBytes.Padding"/> bytes before and behind.</param>
    /// <param name="length">How many bytes there are.</param>
    /// <param name="ticks">The time.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryParse(byte* text, int length, out long ticks)
    {
        if (_ticksPerUnit != 0)
        {
            if (ShortNumber.TryDigits(text, length, out var units) && units < _mostUnits)
            {
                ticks = units * _ticksPerUnit;
                return true;
            }
        }
        else if (_format == TimeFormat.Iso && TryIso(text, length, out ticks))
        {
            return true;
        }

        return TryAny(text, length, out ticks);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryAny(byte* text, int length, out long ticks) =>
        TimeParser.TryParse(new ReadOnlySpan<byte>(text, length).Trim(" \t"u8), _format, out ticks);

    /// <summary>Reads yyyy-MM-ddTHH:mm:ss[.fraction][Z], but for leap seconds and the end of a day.</summary>
    private bool TryIso(byte* text, int length, out long ticks)
    {
        ticks = 0;
        if (length < SecondsBytes || text[10] is not ((byte)'T' or (byte)' ') || text[13] != ':' || text[16] != ':'
            || !TryDate(text))
        {
            return false;
        }

        var (hours, minutes, seconds) = (TwoDigits(text + 11), TwoDigits(text + 14), TwoDigits(text + 17));
        if (hours > 23 || minutes > 59 || seconds > 59)
            return false;
        var rest = length - SecondsBytes;
        if (rest > 0 && text[length - 1] == 'Z')
            rest--;
        var fraction = 0L;
        if (rest > 0)
        {
            var digits = rest - 1;
            if (text[SecondsBytes] != '.' || digits > MostFraction
                || !ShortNumber.TryDigits(text + SecondsBytes + 1, digits, out fraction))
            {
                return false;
            }

            for (; digits < MostFraction; digits++)
                fraction *= 10;
        }

        ticks = _dateTicks + fraction + ((((hours * 60L) + minutes) * 60) + seconds) * TimeSpan.TicksPerSecond;
        return true;
    }

    private bool TryDate(byte* text)
    {
        var date = Unsafe.ReadUnaligned<ulong>(text);
        var end = Unsafe.ReadUnaligned<ushort>(text + sizeof(ulong));
        if (date == _date && end == _dateEnd)
            return true;
        if (!TimeParser.TryParse(new ReadOnlySpan<byte>(text, DateBytes), TimeFormat.Iso, out var ticks))
            return false;
        (_date, _dateEnd, _dateTicks) = (date, end, ticks);
        return true;
    }

    /// <summary>A number above 99 where they are no digits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint TwoDigits(byte* text)
    {
        var (tens, ones) = ((uint)text[0] - '0', (uint)text[1] - '0');
        return (tens > 9 || ones > 9) ? uint.MaxValue : (tens * 10) + ones;
    }
}
