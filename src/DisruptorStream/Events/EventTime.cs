using System.Diagnostics.CodeAnalysis;

namespace DisruptorStream.Events;

/// <summary>Makes the engine's event time of other times: ticks of 100 ns since the Unix epoch, in UTC.</summary>
/// <remarks>
/// A number that is too large for ticks becomes the largest or the smallest there are, which publishing refuses as
/// <see cref="DropReason.TimestampOutOfRange"/>: nothing wraps around.
/// </remarks>
public static class EventTime
{
    private const long LowestTicks = -621_355_968_000_000_000L;
    private const long HighestTicks = 3_155_378_975_999_999_999L + LowestTicks;

    /// <summary>Event time of seconds since the Unix epoch.</summary>
    /// <param name="seconds">Any number.</param>
    public static long FromUnixSeconds(long seconds) => Saturate((Int128)seconds * TimeSpan.TicksPerSecond);

    /// <summary>Event time of milliseconds since the Unix epoch.</summary>
    /// <param name="milliseconds">Any number.</param>
    public static long FromUnixMilliseconds(long milliseconds) =>
        Saturate((Int128)milliseconds * TimeSpan.TicksPerMillisecond);

    /// <summary>Event time of microseconds since the Unix epoch.</summary>
    /// <param name="microseconds">Any number.</param>
    public static long FromUnixMicroseconds(long microseconds) =>
        Saturate((Int128)microseconds * TimeSpan.TicksPerMicrosecond);

    /// <summary>Event time of nanoseconds since the Unix epoch, rounded down.</summary>
    /// <param name="nanoseconds">Any number.</param>
    public static long FromUnixNanoseconds(long nanoseconds) =>
        (nanoseconds / TimeSpan.NanosecondsPerTick) - (nanoseconds % TimeSpan.NanosecondsPerTick < 0 ? 1 : 0);

    /// <summary>
    /// Event time of a date. <see cref="DateTimeKind.Utc"/> and <see cref="DateTimeKind.Local"/> keep their moment; one
    /// of no kind is taken for local time of the machine, as a conversion to <see cref="DateTimeOffset"/> does.
    /// </summary>
    /// <param name="time">The date.</param>
    public static long From(DateTime time) => time.ToUniversalTime().Ticks + LowestTicks;

    /// <summary>Event time of a date with its offset.</summary>
    /// <param name="time">The date.</param>
    public static long From(DateTimeOffset time) => time.UtcTicks + LowestTicks;

    /// <summary>Event time of a number of a unit.</summary>
    /// <param name="value">Any number.</param>
    /// <param name="unit">What it counts.</param>
    /// <exception cref="ArgumentOutOfRangeException">The unit is none of those there are.</exception>
    public static long From(long value, EventTimeUnit unit) => unit switch
    {
        EventTimeUnit.Ticks => value,
        EventTimeUnit.Nanoseconds => FromUnixNanoseconds(value),
        EventTimeUnit.Microseconds => FromUnixMicroseconds(value),
        EventTimeUnit.Milliseconds => FromUnixMilliseconds(value),
        EventTimeUnit.Seconds => FromUnixSeconds(value),
        EventTimeUnit.DateTimeTicks => Saturate((Int128)value + LowestTicks),
        _ => throw new ArgumentOutOfRangeException(
            nameof(unit),
            unit,
            "A time counts ticks, nanoseconds, microseconds, milliseconds, seconds or DateTimeTicks."),
    };

    /// <summary>The date of event time, in UTC.</summary>
    /// <param name="ticks">Ticks of 100 ns since the Unix epoch.</param>
    /// <exception cref="InvalidOperationException">The time lies outside the years 1 to 9999.</exception>
    public static DateTimeOffset ToDateTimeOffset(long ticks) => ToDateTimeOffset(ticks, "time");

    internal static bool IsExpressible(long ticks) => ticks is >= LowestTicks and <= HighestTicks;

    /// <param name="ticks">Ticks since the Unix epoch.</param>
    /// <param name="what">Names the value in the error.</param>
    internal static DateTimeOffset ToDateTimeOffset(long ticks, string what)
    {
        if (!IsExpressible(ticks))
            ThrowNotExpressible(ticks, what);

        return new DateTimeOffset(ticks - LowestTicks, TimeSpan.Zero);
    }

    /// <summary>ISO 8601 where the calendar reaches, ticks elsewhere.</summary>
    internal static string ToText(long ticks) => IsExpressible(ticks)
        ? ToDateTimeOffset(ticks, "").UtcDateTime.ToString("O", System.Globalization.CultureInfo.InvariantCulture)
        : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{ticks} ticks");

    private static long Saturate(Int128 ticks) =>
        ticks < long.MinValue ? long.MinValue : ticks > long.MaxValue ? long.MaxValue : (long)ticks;

    [DoesNotReturn]
    private static void ThrowNotExpressible(long ticks, string what) => throw new InvalidOperationException(
        $"The {what}, {ticks} ticks since the Unix epoch, lies outside the years 1 to 9999 that DateTimeOffset can " +
        "express; read the ticks instead.");
}
