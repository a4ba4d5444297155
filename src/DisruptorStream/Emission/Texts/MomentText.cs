using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace DisruptorStream.Emission.Texts;

/// <summary>Writes moments in UTF-8 as ISO 8601, in UTC, with no more digits than needed.</summary>
/// <remarks>It remembers the text of a day: moments come near each other. One thread at a time.</remarks>
internal sealed class MomentText
{
    /// <summary>The room that a call needs. It may write to all of it, more than the text has.</summary>
    public const int RoomBytes = 32;

    // As in 2026-01-01T12:00:00.
    private const int DayLength = 11;
    private const int SecondLength = 19;

    // What makes colons of the zeros between hours, minutes and seconds.
    private const ulong Colons = ((ulong)(':' - '0') << 16) | ((ulong)(':' - '0') << 40);

    private long _day = -1;
    private Vector128<byte> _dayText;

    /// <summary>Writes a moment.</summary>
    /// <param name="ticks">Ticks of 100 ns since 1970 (UTC), within the years 1 to 9999.</param>
    /// <param name="text">Where to; <see cref="RoomBytes"/> of room.</param>
    /// <returns>How many bytes it has, at most 28.</returns>
    public int Write(long ticks, ref byte text)
    {
        var (day, inDay) = Math.DivRem(ticks + DateTime.UnixEpoch.Ticks, TimeSpan.TicksPerDay);
        if (day != _day)
            Remember(day);
        _dayText.StoreUnsafe(ref text);
        var (second, fraction) = ((uint)(inDay / TimeSpan.TicksPerSecond), (uint)(inDay % TimeSpan.TicksPerSecond));
        var (hour, minute) = (second / 3600, second / 60 % 60);
        var digits = IntegerText.EightDigits((hour * 1_000_000) + (minute * 1_000) + (second % 60));
        Unsafe.WriteUnaligned(
            ref Unsafe.Add(ref text, DayLength), IntegerText.InOrder((digits | IntegerText.Zeros) + Colons));
        var length = SecondLength;
        if (fraction != 0)
            length += WriteFraction(fraction, ref Unsafe.Add(ref text, SecondLength));
        Unsafe.Add(ref text, length) = (byte)'Z';
        return length + 1;
    }

    /// <summary>The ticks of a second, without zeros at the end.</summary>
    private static int WriteFraction(uint fraction, ref byte text)
    {
        text = (byte)'.';
        var digits = IntegerText.EightDigits(fraction * 10);
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref text, 1), IntegerText.InOrder(digits | IntegerText.Zeros));
        return 1 + IntegerText.CountWithoutZerosBehind(digits);
    }

    private void Remember(long day)
    {
        var date = new DateTime(day * TimeSpan.TicksPerDay, DateTimeKind.Utc);
        Span<byte> text = stackalloc byte[Vector128<byte>.Count];
        date.TryFormat(text, out _, "yyyy-MM-ddT", CultureInfo.InvariantCulture);
        (_day, _dayText) = (day, Vector128.Create<byte>(text));
    }
}
