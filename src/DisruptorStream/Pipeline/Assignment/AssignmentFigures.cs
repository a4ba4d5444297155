using DisruptorStream.Events;
using DisruptorStream.Pipeline.Assignment.Jumps;

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

    /// <summary>The events that the jump guard holds now.</summary>
    public long EventsHeld;

    /// <summary>How many were held that are ahead of others, in this process.</summary>
    public long Jumps;

    /// <summary>The newest of them; of no meaning before the first.</summary>
    public JumpedSlot NewestJump;

    public DropCounts Dropped;
}
