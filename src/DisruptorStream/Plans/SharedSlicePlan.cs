using DisruptorStream.State;
using DisruptorStream.State.Slices;
using DisruptorStream.Windows;

namespace DisruptorStream.Plans;

/// <summary>Tumbling and sliding windows over slices that they share.</summary>
internal sealed class SharedSlicePlan : WindowPlan
{
    private readonly SliceGrid _grid;
    private readonly bool _processingTime;

    /// <param name="windows">The windows.</param>
    /// <param name="maxSlices">Slices that may be open at once.</param>
    /// <param name="processingTime">Whether windows go by the clock.</param>
    public SharedSlicePlan(FixedWindows windows, int maxSlices, bool processingTime)
        : base(windows)
    {
        _grid = new SliceGrid(windows);
        _processingTime = processingTime;
        MaxRecordsPerKey = maxSlices;
    }

    public override SliceGrid Slices => _grid;

    public override bool SharesSlices => true;

    public override bool MixesSlices => !_processingTime;

    public override string StoreName => "shared slices";

    public override string CountedAs => "slices";

    public override string CostPerEvent => "one accumulator for each event, whatever the overlap";

    public override int MaxRecordsPerKey { get; }

    public override string LimitName => nameof(StreamProcessorOptions.MaxSlices);

    public override WindowStateStore NewStore(StoreContext context) => new SliceStore(context, _grid);
}
