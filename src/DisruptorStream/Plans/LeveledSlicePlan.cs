using System.Globalization;
using DisruptorStream.State;
using DisruptorStream.State.Slices.Levels;
using DisruptorStream.Windows;
using DisruptorStream.Windows.Grids;

namespace DisruptorStream.Plans;

/// <summary>Windows of several sizes over slices that they share: the finer ones feed the coarser ones.</summary>
internal sealed class LeveledSlicePlan : WindowPlan
{
    private readonly SliceLevels _levels;
    private readonly bool _processingTime;

    /// <param name="windows">The windows.</param>
    /// <param name="maxSlices">Slices of each size that may be open at once.</param>
    /// <param name="processingTime">Whether windows go by the clock.</param>
    /// <exception cref="ArgumentException">The windows of one event are more than there may be.</exception>
    public LeveledSlicePlan(SeveralWindows windows, int maxSlices, bool processingTime)
        : base(windows)
    {
        _levels = new SliceLevels(windows);
        _processingTime = processingTime;
        MaxRecordsPerKey = (int)Math.Min(int.MaxValue, (long)maxSlices * _levels.Count);
        for (var level = 0; level < _levels.Count; level++)
            SharedSlicePlan.ThrowIfTooMany(windows.Sizes[level], _levels.Grids[level]);
    }

    public override SliceGrid Slices => _levels.Grids[0];

    public override SliceLevels Levels => _levels;

    public override bool SharesSlices => true;

    // A run names one slice: with several roots it would not say where an older event belongs.
    public override bool MixesSlices => !_processingTime && _levels.Roots.Length == 1;

    public override string StoreName => "shared slices of several sizes";

    public override string CountedAs => "slices";

    public override string CostPerEvent => _levels.Roots.Length == 1
        ? string.Create(
            CultureInfo.InvariantCulture,
            $"one accumulator for each event, whatever the overlap and for all {_levels.Count} sizes")
        : string.Create(
            CultureInfo.InvariantCulture,
            $"{_levels.Roots.Length} accumulators for each event, as the slices of {_levels.Roots.Length} of the "
            + $"{_levels.Count} sizes do not hold whole slices of another; sizes and slides that divide each other "
            + $"share");

    public override int MaxRecordsPerKey { get; }

    public override string LimitName => nameof(StreamProcessorOptions.MaxSlices);

    public override WindowStateStore NewStore(StoreContext context) => new LeveledStore(context, _levels);
}
