using DisruptorStream.Events;

namespace DisruptorStream.Pipeline.Assignment;

/// <summary>What window assignment counts, and how far it has come.</summary>
internal struct AssignmentFigures
{
    public long EventsProcessed;
    public long EventsFiltered;
    public long EventsInNoWindow;
    public long LateDroppedAssignments;
    public long SlicesOpened;
    public long SlicesClosed;
    public long WatermarkRegressions;
    public long Batches;
    public long WatermarkTicks;

    /// <summary>The clock as of the batch in which the watermark last moved; long.MinValue for no clock yet.</summary>
    public long WatermarkMovedTicks;

    public DropCounts Dropped;
}
