using System.Globalization;

namespace DisruptorStream.Events;

/// <summary>Sees when a time was given in another unit than the engine's: then it is decades from the clock.</summary>
internal static class UnitGuess
{
    // Farther from the clock than this, a time may be of another unit; nearer than this, the unit is the right one.
    private const long NearTicks = 5 * 366 * TimeSpan.TicksPerDay;

    private static readonly EventTimeUnit[] Others =
    [
        EventTimeUnit.Milliseconds, EventTimeUnit.DateTimeTicks, EventTimeUnit.Seconds, EventTimeUnit.Microseconds,
        EventTimeUnit.Nanoseconds,
    ];

    /// <summary>Says which unit a time looks like, and what to do; null where it looks like ticks.</summary>
    /// <param name="ticks">The time, as it was taken.</param>
    /// <param name="nowTicks">The time of day.</param>
    public static string? Of(long ticks, long nowTicks)
    {
        if (IsNear(ticks, nowTicks))
            return null;
        foreach (var unit in Others)
        {
            if (!IsNear(EventTime.From(ticks, unit), nowTicks))
                continue;
            return string.Create(
                CultureInfo.InvariantCulture,
                $"The time {ticks} is {EventTime.ToText(ticks)} in ticks of 100 ns since 1970, and looks like "
                + $"{NameOf(unit)}: "
                + $"say EventTime(selector, EventTimeUnit.{unit}), or convert it with EventTime.From.");
        }

        return null;
    }

    private static bool IsNear(long ticks, long nowTicks) =>
        (Int128)ticks - nowTicks is var apart && apart > -NearTicks && apart < NearTicks;

    private static string NameOf(EventTimeUnit unit) => unit switch
    {
        EventTimeUnit.DateTimeTicks => "DateTime.Ticks, which count from the year 1",
        _ => $"{unit.ToString().ToLowerInvariant()} since 1970",
    };
}
