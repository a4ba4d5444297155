using DisruptorStream.State;
using DisruptorStream.State.Sessions.Clocks;
using DisruptorStream.State.Sessions.Spans;
using DisruptorStream.Windows;
using DisruptorStream.Windows.Grids;

namespace DisruptorStream.Plans;

/// <summary>Windows that each key has for itself, as each goes by a time of its own.</summary>
internal sealed class KeyedWindowPlan : WindowPlan
{
    private readonly Func<SpanRule> _newRule;

    /// <param name="windows">Windows on a grid, of several grids, or by a user's rule.</param>
    /// <param name="maxWindowsPerKey">Windows of one key at a time.</param>
    /// <exception cref="ArgumentException">The windows of one event are more than there may be.</exception>
    public KeyedWindowPlan(WindowDefinition windows, int maxWindowsPerKey)
        : base(windows)
    {
        MaxRecordsPerKey = maxWindowsPerKey;
        if (windows is AssignedWindows assigned)
        {
            _newRule = () => new CustomSpans(assigned.Assigner);
            OwnWindowPlan.ThrowIfTooMany(assigned.Assigner.MaxWindowsPerEvent, maxWindowsPerKey, ".");
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
        _newRule = () => new GridSpans(grids);
    }

    public override (long First, long Last) Range { get; } = GridRange.All;

    public override string StoreName => "windows of each key";

    public override string CountedAs => "windows";

    public override string CostPerEvent => "one accumulator for each event and window";

    public override int MaxRecordsPerKey { get; }

    public override string LimitName => nameof(StreamProcessorOptions.MaxWindowsPerKey);

    public override WindowStateStore NewStore(StoreContext context) =>
        KeyTimeStore.OfSpans(context, context.KeyTime!, _newRule());
}
