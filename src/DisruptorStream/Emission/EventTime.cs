using System.Diagnostics.CodeAnalysis;
using DisruptorStream.Windows.Calendars;

namespace DisruptorStream.Emission;

/// <summary>Turns event time into the calendar's, where the calendar reaches that far.</summary>
internal static class EventTime
{
    public static bool IsExpressible(long ticks) => ticks is >= ZoneClock.EarliestTicks and <= ZoneClock.LatestTicks;

    /// <param name="ticks">Ticks since the Unix epoch.</param>
    /// <param name="what">Names the value in the error.</param>
    public static DateTimeOffset ToDateTimeOffset(long ticks, string what)
    {
        if (!IsExpressible(ticks))
            ThrowNotExpressible(ticks, what);

        return new DateTimeOffset(ticks - ZoneClock.EarliestTicks, TimeSpan.Zero);
    }

    /// <summary>ISO 8601 where the calendar reaches, ticks elsewhere.</summary>
    public static string ToText(long ticks) => IsExpressible(ticks)
        ? ToDateTimeOffset(ticks, "").UtcDateTime.ToString("O", System.Globalization.CultureInfo.InvariantCulture)
        : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{ticks} ticks");

    [DoesNotReturn]
    private static void ThrowNotExpressible(long ticks, string what) => throw new InvalidOperationException(
        $"The {what}, {ticks} ticks since the Unix epoch, lies outside the years 1 to 9999 that DateTimeOffset can " +
        "express; read the ticks instead.");
}
