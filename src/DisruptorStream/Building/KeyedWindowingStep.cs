using DisruptorStream.Windows.Calendars;

namespace DisruptorStream.Building;

/// <summary>The step that says which windows an event belongs to, also where that depends on its key.</summary>
/// <typeparam name="TStep">The step after it.</typeparam>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <remarks>What all steps to windows have in common. Name it only where a method of yours takes several.</remarks>
public abstract class KeyedWindowingStep<TStep, TKey> : WindowingStep<TStep>
    where TKey : notnull
{
    private protected KeyedWindowingStep()
    {
    }

    /// <summary>
    /// Windows that begin and end by the clock on the wall of the key's own time zone: the days of a shop are those of
    /// its town.
    /// </summary>
    /// <param name="unit">What a window lasts.</param>
    /// <param name="zone">
    /// Says the zone of a key, never null. Called once for each key, at its first event, on the thread that keeps its
    /// windows; what it says then holds for as long as the key is kept, and in saved state. Where it throws, the event
    /// is dropped as <see cref="Events.DropReason.AssignerFailed"/> and it is asked again at the next.
    /// </param>
    /// <param name="count">
    /// How many of the unit: 1, 2, 3, 4, 6, 8, 12 or 24 hours, and of the others 1 to as many as make 1,000 years.
    /// Default 1.
    /// </param>
    /// <param name="firstDayOfWeek">When weeks begin. Default Monday.</param>
    /// <remarks>
    /// As the windows of one zone, but kept by key: an event costs one accumulator. Keys of one zone share its
    /// calendar. Zones are told apart by their ids. Top and FillGaps are refused, as windows differ from key to key.
    /// </remarks>
    /// <exception cref="ArgumentNullException">There is no selector.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The unit or the day is none of its type, or the count is out of range.
    /// </exception>
    public TStep CalendarWindows(
        CalendarUnit unit,
        Func<TKey, TimeZoneInfo> zone,
        int count = 1,
        DayOfWeek firstDayOfWeek = DayOfWeek.Monday)
    {
        ArgumentNullException.ThrowIfNull(zone);
        var calendar = WindowSizes.CalendarOf(unit, TimeZoneInfo.Utc, count, firstDayOfWeek);
        return Windowed(new ZonedWindows((CalendarWindows)calendar, zone));
    }
}
