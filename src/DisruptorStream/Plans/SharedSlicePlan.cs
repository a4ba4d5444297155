using System.Globalization;
using DisruptorStream.State;
using DisruptorStream.State.Slices;
using DisruptorStream.Windows;
using DisruptorStream.Windows.Grids;

namespace DisruptorStream.Plans;

/// <summary>Tumbling, sliding and calendar windows over slices that they share.</summary>
internal sealed class SharedSlicePlan : WindowPlan
{
    // As many as MaxSlices may ever be: one event alone would make more results than that.
    private const int MostWindowsPerEvent = 1 << 24;

    private readonly SliceGrid _grid;
    private readonly bool _processingTime;
    private readonly bool _followsNewest;

    /// <param name="windows">The windows.</param>
    /// <param name="maxSlices">Slices that may be open at once.</param>
    /// <param name="processingTime">Whether windows go by the clock.</param>
    /// <exception cref="ArgumentException">The windows of one event are more than there may be.</exception>
    public SharedSlicePlan(GridWindows windows, int maxSlices, bool processingTime)
        : base(windows)
    {
        _grid = windows.NewGrid();
        _processingTime = processingTime;
        _followsNewest = windows.FollowNewest;
        MaxRecordsPerKey = maxSlices;
        ThrowIfTooMany(windows, _grid);
    }

    public override SliceGrid Slices => _grid;

    public override bool SharesSlices => true;

    public override bool KeepsPanes => true;

    public override bool MixesSlices => !_processingTime;

    public override string StoreName => "shared slices";

    public override string CountedAs => "slices";

    public override string CostPerEvent => _grid.SlicesPerWindow <= MaxRecordsPerKey
        ? "one accumulator for each event, whatever the overlap"
        : string.Create(
            CultureInfo.InvariantCulture,
            $"one accumulator for each event, whatever the overlap; a window has {_grid.SlicesPerWindow:N0} slices, so "
            + $"events are dropped where more than MaxSlices ({MaxRecordsPerKey:N0}) of them have events");

    public override int MaxRecordsPerKey { get; }

    public override string LimitName => nameof(StreamProcessorOptions.MaxSlices);

    public override WindowStateStore NewStore(StoreContext context) => new SliceStore(context, _grid, _followsNewest);

    /// <exception cref="ArgumentException">The windows of one event are more than there may be.</exception>
    public static void ThrowIfTooMany(GridWindows windows, SliceGrid grid)
    {
        if (grid.MaxWindowsPerEvent <= MostWindowsPerEvent)
            return;
        throw new ArgumentException(
            string.Create(
                CultureInfo.InvariantCulture,
                $"With windows that are {windows.Describe()} an event would be in {grid.MaxWindowsPerEvent:N0} "
                + $"of them, and {MostWindowsPerEvent:N0} is the most; use a longer slide or a shorter size."),
            nameof(windows));
    }
}
