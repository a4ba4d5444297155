using DisruptorStream.Windows;
using DisruptorStream.Windows.Calendars;
using DisruptorStream.Windows.Silences;

namespace DisruptorStream.Building;

/// <summary>The step that says which windows an event belongs to.</summary>
/// <typeparam name="TStep">The step after it.</typeparam>
/// <remarks>
/// What <see cref="KeyedEventsStep{TKey}"/> and <see cref="MeasuresStep{TEvent, TKey}"/> have in common. Name it only
/// where a method of yours takes both.
/// </remarks>
public abstract class WindowingStep<TStep>
{
    private protected WindowingStep()
    {
    }

    /// <summary>Windows of fixed size, one after another.</summary>
    /// <param name="size">At least one tick of 100 ns, at most 7,306 years.</param>
    /// <exception cref="ArgumentOutOfRangeException">The size is out of range.</exception>
    public TStep TumblingWindows(TimeSpan size) => Windowed(WindowSizes.TumblingOf(size, default));

    /// <inheritdoc cref="TumblingWindows(TimeSpan)"/>
    /// <param name="size">At least one tick of 100 ns, at most 7,306 years.</param>
    /// <param name="offset">
    /// Where they begin, modulo the size, counted from the Unix epoch; null for zero. Name it: without a name, the
    /// second argument is a second size.
    /// </param>
    public TStep TumblingWindows(TimeSpan size, TimeSpan? offset) =>
        Windowed(WindowSizes.TumblingOf(size, offset ?? default));

    /// <summary>Windows of several fixed sizes at once, which share slices; each size one after another.</summary>
    /// <param name="first">A size: at least one tick of 100 ns, at most 7,306 years.</param>
    /// <param name="second">Another size.</param>
    /// <param name="more">More of them.</param>
    /// <inheritdoc cref="Windows" path="/remarks"/>
    /// <exception cref="ArgumentOutOfRangeException">A size is out of range.</exception>
    /// <exception cref="ArgumentException">Two sizes are equal, or there are more than 16.</exception>
    public TStep TumblingWindows(TimeSpan first, TimeSpan second, params ReadOnlySpan<TimeSpan> more)
    {
        var sizes = new WindowSizes().Tumbling(first).Tumbling(second);
        foreach (var size in more)
            sizes = sizes.Tumbling(size);
        return Windowed(WindowSizes.DefinitionOf(sizes));
    }

    /// <summary>Windows of several sizes at once, tumbling, sliding and of calendars, which share slices.</summary>
    /// <param name="sizes">Adds the sizes: 1 to 16.</param>
    /// <remarks>
    /// Results are those of each size alone, but plain sums of doubles may differ in their last bits; they come in one
    /// output, and tell their window. Where sizes and slides divide each other an event enters the finest slices alone,
    /// whatever the number of sizes; one that comes after its slice is complete enters a slice of each size.
    /// </remarks>
    /// <exception cref="ArgumentNullException">Nothing adds sizes, or what it returns is null.</exception>
    /// <exception cref="ArgumentException">
    /// There is no size, there are more than 16, or two have a window in common.
    /// </exception>
    public TStep Windows(Func<WindowSizes, WindowSizes> sizes)
    {
        ArgumentNullException.ThrowIfNull(sizes);
        var added = sizes(new WindowSizes());
        ArgumentNullException.ThrowIfNull(added, nameof(sizes));
        return Windowed(WindowSizes.DefinitionOf(added));
    }

    /// <summary>Windows of fixed size that begin every slide, so that an event is in size / slide of them.</summary>
    /// <param name="size">
    /// At least one tick of 100 ns, at most 7,306 years; need not be a multiple of the slide.
    /// </param>
    /// <param name="slide">As the size; above it, there are gaps whose events are in no window.</param>
    /// <param name="offset">Where they begin, modulo the slide, counted from the Unix epoch. Default zero.</param>
    /// <exception cref="ArgumentOutOfRangeException">The size or the slide is out of range.</exception>
    public TStep SlidingWindows(TimeSpan size, TimeSpan slide, TimeSpan offset = default) =>
        Windowed(WindowSizes.SlidingOf(size, slide, offset));

    /// <summary>
    /// Windows that begin and end by the clock on the wall of a time zone, such as days that last 23 hours in spring.
    /// </summary>
    /// <param name="unit">What a window lasts.</param>
    /// <param name="zone">
    /// The time zone. Its changes are those that the platform knows, in whole minutes; its id is part of saved state.
    /// </param>
    /// <param name="count">
    /// How many of the unit: 1, 2, 3, 4, 6, 8, 12 or 24 hours, and of the others 1 to as many as make 1,000 years.
    /// Default 1.
    /// </param>
    /// <param name="firstDayOfWeek">When weeks begin. Default Monday.</param>
    /// <remarks>
    /// A boundary is the earliest moment at which the wall shows it. So an hour that the wall shows twice is one window
    /// of two hours, and what it leaves out is no window. A timestamp whose window does not lie within the years 1 to
    /// 9999 is dropped as out of range.
    /// </remarks>
    /// <exception cref="ArgumentNullException">There is no zone.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The unit or the day is none of its type, or the count is out of range.
    /// </exception>
    public TStep CalendarWindows(
        CalendarUnit unit, TimeZoneInfo zone, int count = 1, DayOfWeek firstDayOfWeek = DayOfWeek.Monday) =>
        Windowed(WindowSizes.CalendarOf(unit, zone, count, firstDayOfWeek));

    /// <summary>A window for each trading session of an exchange.</summary>
    /// <param name="calendar">When the exchange trades.</param>
    /// <param name="outside">What becomes of events while it is closed. Default: they are in no window.</param>
    /// <exception cref="ArgumentNullException">There is no calendar.</exception>
    /// <exception cref="ArgumentOutOfRangeException">What becomes of them is not one of the choices.</exception>
    /// <exception cref="ArgumentException">A half day closes before it opens, or after the next day opens.</exception>
    public TStep TradingSessions(ExchangeCalendar calendar, OutsideHours outside = OutsideHours.InNoWindow) =>
        Windowed(WindowSizes.TradingSessionsOf(calendar, outside));

    /// <summary>Windows that last as long as events of the key keep coming within the gap.</summary>
    /// <param name="gap">At least one tick of 100 ns; events exactly a gap apart are in two sessions.</param>
    /// <exception cref="ArgumentOutOfRangeException">The gap is out of range.</exception>
    public TStep SessionWindows(TimeSpan gap)
    {
        WindowSizes.ThrowUnlessLength(gap, nameof(gap));
        return Windowed(new GapWindows(gap.Ticks));
    }

    /// <summary>
    /// Says of each key that had an event when it has none for some time: one pane when its silence starts, and one
    /// when it ends. <see cref="Emission.WindowResult{TKey}.Silence"/> says which it is.
    /// </summary>
    /// <param name="after">
    /// How long there must be no event: at least one tick of 100 ns, at most 7,306 years. A silence starts as well
    /// where the next event comes exactly that much later.
    /// </param>
    /// <param name="forgetAfter">
    /// How long after its newest event a silent key is kept, at least <paramref name="after"/>. Then it is forgotten,
    /// and the end of its silence is not told. Default null: a day, or ten times <paramref name="after"/> if that is
    /// longer.
    /// </param>
    /// <remarks>
    /// <para>
    /// Both panes begin at the key's newest event before the silence. The first pane ends <paramref name="after"/>
    /// later, and is emitted when the watermark reaches that. The second one ends at the key's next event, and is
    /// emitted when the watermark reaches that. So between two events of a key with a silence between them each is
    /// emitted once. The metrics are those of the run of events before the silence, in which no two events are
    /// <paramref name="after"/> apart; rates are per time from its first event until the silence starts.
    /// </para>
    /// <para>
    /// An event that comes behind the watermark can end a silence that it shows to be none: the second pane is then
    /// late, and shorter than <paramref name="after"/>. The end of the input starts silences up to the newest event
    /// of any key, and ends none. A silent key costs one record, and is not idle. The allowed lateness of the options
    /// does not count here: out-of-orderness is how long events are waited for. Early, Accumulation, AllowedLateness,
    /// Top, FillGaps and WatermarksPerKey are refused.
    /// </para>
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">A length is out of range.</exception>
    public TStep Silence(TimeSpan after, TimeSpan? forgetAfter = null)
    {
        WindowSizes.ThrowUnlessLength(after, nameof(after));
        return Windowed(new SilenceWindows(after.Ticks, WindowSizes.KeptAfter(after, forgetAfter).Ticks));
    }

    /// <summary>Windows by a rule of your own, compiled into the engine's loop.</summary>
    /// <typeparam name="TAssigner">A readonly struct.</typeparam>
    /// <param name="assigner">The rule.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The assigner's number of windows per event is not 1 to 1024.
    /// </exception>
    public TStep CustomWindows<TAssigner>(TAssigner assigner)
        where TAssigner : struct, IWindowAssigner =>
        Windowed(new AssignedWindows(DisruptorStream.Windows.CustomWindows.Create(assigner)));

    internal abstract TStep Windowed(WindowDefinition window);
}
