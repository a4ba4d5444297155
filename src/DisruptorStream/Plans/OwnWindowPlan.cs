using DisruptorStream.State;
using DisruptorStream.State.PerWindow;
using DisruptorStream.Windows;

namespace DisruptorStream.Plans;

/// <summary>
/// Windows with state of their own: tumbling and sliding ones with early, discarding or retracting panes, and those of
/// a user's rule.
/// </summary>
internal sealed class OwnWindowPlan : WindowPlan
{
    private const int MostWindowsPerEvent = 65_536;

    private readonly SliceGrid? _grid;
    private readonly CustomWindows? _assigner;

    /// <param name="windows">Windows of a fixed size.</param>
    /// <param name="maxWindowsPerKey">Windows of one key at a time.</param>
    /// <exception cref="ArgumentException">An event would be in too many windows.</exception>
    public OwnWindowPlan(FixedWindows windows, int maxWindowsPerKey)
        : base(windows)
    {
        _grid = new SliceGrid(windows);
        MaxRecordsPerKey = maxWindowsPerKey;
        if (_grid.MaxWindowsPerEvent <= MostWindowsPerEvent)
            return;
        throw new ArgumentException(
            $"An event would be in {_grid.MaxWindowsPerEvent} windows, each with state of its own, and "
            + $"{MostWindowsPerEvent} is the most; use a longer slide, or accumulating panes without an early "
            + "trigger, which share slices.",
            nameof(windows));
    }

    /// <param name="windows">Windows by a user's rule.</param>
    /// <param name="maxWindowsPerKey">Windows of one key at a time.</param>
    public OwnWindowPlan(AssignedWindows windows, int maxWindowsPerKey)
        : base(windows)
    {
        _assigner = windows.Assigner;
        MaxRecordsPerKey = maxWindowsPerKey;
    }

    public override SliceGrid? Slices => _grid;

    public override string StoreName => "windows of their own";

    public override string CostPerEvent => "one accumulator for each event and window";

    public override int MaxRecordsPerKey { get; }

    public override WindowStateStore NewStore(StoreContext context) => new WindowStore(context, _grid, _assigner);
}
