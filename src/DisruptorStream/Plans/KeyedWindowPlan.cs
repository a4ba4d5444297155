using DisruptorStream.State;
using DisruptorStream.State.Sessions.Clocks;
using DisruptorStream.State.Sessions.Spans;
using DisruptorStream.Windows;
using DisruptorStream.Windows.Calendars;
using DisruptorStream.Windows.Grids;

namespace DisruptorStream.Plans;

/// <summary>Windows that each key has for itself, as each goes by a time, or a time zone, of its own.</summary>
internal sealed class KeyedWindowPlan : WindowPlan
{
    private readonly Func<StoreContext, SpanRule> _newRule;
    private readonly long _usualTicks;

    /// <param name="windows">Windows on a grid, of several grids, in the zone of each key, or by a user's rule.</param>
    /// <param name="maxWindowsPerKey">Windows of one key at a time.</param>
    /// <exception cref="ArgumentException">The windows of one event are more than there may be.</exception>
    public KeyedWindowPlan(WindowDefinition windows, int maxWindowsPerKey)
        : base(windows)
    {
        MaxRecordsPerKey = maxWindowsPerKey;
        if (windows is AssignedWindows assigned)
        {
            _newRule = _ => new CustomSpans(assigned.Assigner);
            OwnWindowPlan.ThrowIfTooMany(assigned.Assigner.MaxWindowsPerEvent, maxWindowsPerKey, ".");
            return;
        }

        if (windows is ZonedWindows zoned)
        {
            // In other zones the same days are a few hours earlier or later.
            Range = GridRange.Of(zoned.NewGrid(TimeZoneInfo.Utc));
            _usualTicks = zoned.Calendar.UsualSliceTicks;
            _newRule = context => new ZonedSpans(zoned, context.ZoneOfKey!);
            return;
        }

        var sizes = windows is SeveralWindows several ? several.Sizes : [(GridWindows)windows];
        var grids = new SliceGrid[sizes.Count];
        var count = 0L;
        for (var size = 0; size < grids.Length; size++)
        {
            grids[size] = sizes[size].NewGrid();
            count += grids[size].MaxWindowsPerEvent;
            Range = GridRange.Meet(Range, GridRange.Of(grids[size]));
        }

        OwnWindowPlan.ThrowIfTooMany(count, maxWindowsPerKey, "; use a longer slide, or one watermark for all keys.");
        _newRule = _ => new GridSpans(grids);
    }

    public override (long First, long Last) Range { get; } = GridRange.All;

    public override string StoreName => "windows of each key";

    public override string CountedAs => "windows";

    public override string CostPerEvent => "one accumulator for each event and window";

    public override int MaxRecordsPerKey { get; }

    public override string LimitName => nameof(StreamProcessorOptions.MaxWindowsPerKey);

    public override WindowStateStore NewStore(StoreContext context) => context.KeyTime is { } time
        ? KeyTimeStore.OfSpans(context, time, _newRule(context))
        : new SpanStore(context, _newRule(context), _usualTicks);
}
