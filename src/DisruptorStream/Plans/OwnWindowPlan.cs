using DisruptorStream.State;
using DisruptorStream.State.PerWindow;
using DisruptorStream.Windows;
using DisruptorStream.Windows.Grids;

namespace DisruptorStream.Plans;

/// <summary>
/// Windows with state of their own: tumbling, sliding and calendar ones with early, discarding or retracting panes, and
/// those of a user's rule.
/// </summary>
internal sealed class OwnWindowPlan : WindowPlan
{
    private const int MostWindowsPerEvent = 65_536;

    private readonly SliceGrid? _grid;
    private readonly CustomWindows? _assigner;

    /// <param name="windows">Windows that all keys have in common.</param>
    /// <param name="maxWindowsPerKey">Windows of one key at a time.</param>
    /// <exception cref="ArgumentException">The windows of one event are more than there may be.</exception>
    public OwnWindowPlan(GridWindows windows, int maxWindowsPerKey)
        : base(windows)
    {
        _grid = windows.NewGrid();
        MaxRecordsPerKey = maxWindowsPerKey;
        ThrowIfTooMany(
            _grid.MaxWindowsPerEvent,
            maxWindowsPerKey,
            "; use a longer slide, or accumulating panes without an early trigger, which share slices.");
    }

    /// <param name="windows">Windows by a user's rule.</param>
    /// <param name="maxWindowsPerKey">Windows of one key at a time.</param>
    /// <exception cref="ArgumentException">The windows of one event are more than there may be.</exception>
    public OwnWindowPlan(AssignedWindows windows, int maxWindowsPerKey)
        : base(windows)
    {
        _assigner = windows.Assigner;
        MaxRecordsPerKey = maxWindowsPerKey;
        ThrowIfTooMany(_assigner.MaxWindowsPerEvent, maxWindowsPerKey, ".");
    }

    public override SliceGrid? Slices => _grid;

    public override string StoreName => "windows of their own";

    public override string CountedAs => "windows";

    public override string CostPerEvent => "one accumulator for each event and window";

    public override int MaxRecordsPerKey { get; }

    public override string LimitName => nameof(StreamProcessorOptions.MaxWindowsPerKey);

    public override WindowStateStore NewStore(StoreContext context) => new WindowStore(context, _grid, _assigner);

    /// <summary>Those of one event have to be possible at once.</summary>
    /// <exception cref="ArgumentException">They are not.</exception>
    public static void ThrowIfTooMany(long count, int maxWindowsPerKey, string advice)
    {
        var reason = $"An event would be in {count} windows, each with state of its own, and ";
        if (count > MostWindowsPerEvent)
            throw new ArgumentException($"{reason}{MostWindowsPerEvent} is the most{advice}", nameof(count));
        if (count > maxWindowsPerKey)
        {
            throw new ArgumentException(
                $"{reason}MaxWindowsPerKey is {maxWindowsPerKey}: set it to {count} or more{advice}", nameof(count));
        }
    }
}
