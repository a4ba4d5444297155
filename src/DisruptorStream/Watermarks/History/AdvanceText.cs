using System.Globalization;
using DisruptorStream.Events;

namespace DisruptorStream.Watermarks.History;

/// <summary>Shows times of events and spans of time to people.</summary>
internal static class AdvanceText
{
    private const string Date = "yyyy-MM-dd HH:mm:ss.FFFFFFF";
    private const string Time = "HH:mm:ss.FFFFFFF";

    /// <summary>A time of events, with its date.</summary>
    public static string Of(long ticks) => Of(ticks, long.MinValue);

    /// <summary>A time of events; without its date where that is today's.</summary>
    /// <param name="ticks">Ticks since the Unix epoch.</param>
    /// <param name="nowTicks">The time of day, which says what today is.</param>
    public static string Of(long ticks, long nowTicks)
    {
        if (ticks == long.MaxValue)
            return "the end of input";
        if (!EventTime.IsExpressible(ticks))
            return string.Create(CultureInfo.InvariantCulture, $"{ticks} ticks");
        var time = EventTime.ToDateTimeOffset(ticks).UtcDateTime;
        var isToday = EventTime.IsExpressible(nowTicks)
            && time.Date == EventTime.ToDateTimeOffset(nowTicks).UtcDateTime.Date;
        return time.ToString(isToday ? Time : Date, CultureInfo.InvariantCulture);
    }

    /// <summary>A span of time, in the unit that reads best.</summary>
    public static string Of(TimeSpan span) => span.Duration() switch
    {
        { TotalDays: >= 1 } => span.ToString("c", CultureInfo.InvariantCulture),
        { TotalHours: >= 1 } => Say(span, $"{span:h\\:mm\\:ss} h"),
        { TotalMinutes: >= 1 } => Say(span, $"{span:m\\:ss} min"),
        { TotalSeconds: >= 1 } => string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0.###} s"),
        { TotalMilliseconds: >= 1 } => string.Create(
            CultureInfo.InvariantCulture, $"{span.TotalMilliseconds:0.###} ms"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{span.TotalMicroseconds:0.#} \u00b5s"),
    };

    private static string Say(TimeSpan span, FormattableString text) =>
        (span < TimeSpan.Zero ? "-" : "") + text.ToString(CultureInfo.InvariantCulture);
}
