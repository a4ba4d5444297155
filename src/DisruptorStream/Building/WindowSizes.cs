using DisruptorStream.Messages;
using DisruptorStream.Windows;
using DisruptorStream.Windows.Calendars;
using DisruptorStream.Windows.Grids;
using DisruptorStream.Windows.Silences;

namespace DisruptorStream.Building;

/// <summary>Windows of several sizes at once. Every method returns a new list.</summary>
/// <remarks>Immutable. <see cref="WindowingStep{TStep}.Windows"/> hands out an empty one.</remarks>
public sealed class WindowSizes
{
    private readonly GridWindows[] _sizes;

    internal WindowSizes(params GridWindows[] sizes) => _sizes = sizes;

    /// <summary>The windows; those of one size are what they are alone.</summary>
    /// <exception cref="ArgumentException">
    /// There is no size, there are too many, or two have a window in common.
    /// </exception>
    internal static WindowDefinition DefinitionOf(WindowSizes sizes) => sizes._sizes.Length switch
    {
        0 => throw new ArgumentException(
            "There is no size of windows; add at least one, such as w => w.Tumbling(size).", nameof(sizes)),
        1 => sizes._sizes[0],
        _ => new SeveralWindows(sizes._sizes),
    };

    /// <inheritdoc cref="WindowingStep{TStep}.TumblingWindows(TimeSpan)"/>
    /// <param name="size">At least one tick of 100 ns, at most 7,306 years.</param>
    /// <param name="offset">Where they begin, modulo the size, counted from the Unix epoch. Default zero.</param>
    public WindowSizes Tumbling(TimeSpan size, TimeSpan offset = default) => With(TumblingOf(size, offset));

    /// <inheritdoc cref="WindowingStep{TStep}.SlidingWindows"/>
    public WindowSizes Sliding(TimeSpan size, TimeSpan slide, TimeSpan offset = default) =>
        With(SlidingOf(size, slide, offset));

    /// <inheritdoc cref="WindowingStep{TStep}.CalendarWindows"/>
    public WindowSizes Calendar(
        CalendarUnit unit, TimeZoneInfo zone, int count = 1, DayOfWeek firstDayOfWeek = DayOfWeek.Monday) =>
        With(CalendarOf(unit, zone, count, firstDayOfWeek));

    /// <inheritdoc cref="WindowingStep{TStep}.TradingSessions"/>
    public WindowSizes TradingSessions(ExchangeCalendar calendar, OutsideHours outside = OutsideHours.InNoWindow) =>
        With(TradingSessionsOf(calendar, outside));

    internal static GridWindows TumblingOf(TimeSpan size, TimeSpan offset)
    {
        ThrowUnlessLength(size, nameof(size));
        return FixedWindows.Tumbling(size.Ticks, offset.Ticks);
    }

    internal static GridWindows SlidingOf(TimeSpan size, TimeSpan slide, TimeSpan offset)
    {
        ThrowUnlessLength(size, nameof(size));
        ThrowUnlessLength(slide, nameof(slide));
        return new FixedWindows(size.Ticks, slide.Ticks, offset.Ticks);
    }

    internal static GridWindows CalendarOf(CalendarUnit unit, TimeZoneInfo zone, int count, DayOfWeek firstDayOfWeek)
    {
        ArgumentNullException.ThrowIfNull(zone);
        OptionGuard.Defined(unit, nameof(unit));
        OptionGuard.Defined(firstDayOfWeek, nameof(firstDayOfWeek));
        OptionGuard.InRange(count, 1, CalendarWindows.MostOf(unit), nameof(count));
        if (unit == CalendarUnit.Hour && 24 % count != 0)
        {
            throw new ArgumentOutOfRangeException(
                nameof(count),
                count,
                $"Calendar hours must divide the day: 1, 2, 3, 4, 6, 8, 12 or 24; it was {count}.");
        }

        return new CalendarWindows(unit, count, zone, firstDayOfWeek);
    }

    internal static GridWindows TradingSessionsOf(ExchangeCalendar calendar, OutsideHours outside)
    {
        ArgumentNullException.ThrowIfNull(calendar);
        OptionGuard.Defined(outside, nameof(outside));
        foreach (var (day, close) in calendar.HalfDays)
        {
            var isOneDay = calendar.Open < calendar.Close;
            if (isOneDay ? close > calendar.Open : close <= calendar.Open)
                continue;
            var wrong = isOneDay
                ? $"not after {calendar.Open:HH:mm:ss}, when its session opens"
                : $"after {calendar.Open:HH:mm:ss}, when the session of the next day opens";
            throw new ArgumentException(
                $"The half day {day:yyyy-MM-dd} closes at {close:HH:mm:ss}, which is {wrong}; correct HalfDays.",
                nameof(calendar));
        }

        return new ExchangeWindows(calendar, outside);
    }

    internal static void ThrowUnlessLength(TimeSpan length, string name)
    {
        if (length.Ticks is >= 1 and <= SliceGrid.MaxSizeTicks)
            return;
        var bound = length <= TimeSpan.Zero
            ? "more than zero"
            : $"at most {TimeSpan.FromTicks(SliceGrid.MaxSizeTicks)}";
        throw new ArgumentOutOfRangeException(
            name, length, $"The {name} of a window must be {bound}; it was {length}.");
    }

    /// <summary>How long a silent key is kept after its newest event.</summary>
    internal static TimeSpan KeptAfter(TimeSpan after, TimeSpan? forgetAfter)
    {
        if (forgetAfter is not { } kept)
            return new TimeSpan(SilenceWindows.UsuallyKept(after.Ticks));
        ThrowUnlessLength(kept, nameof(forgetAfter));
        return kept >= after ? kept : throw new ArgumentOutOfRangeException(
            nameof(forgetAfter),
            forgetAfter,
            $"A silence starts {after} after the key's newest event, and the key would be forgotten {kept} after it; "
            + "keep it at least as long.");
    }

    private WindowSizes With(GridWindows size) => new([.. _sizes, size]);
}
