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

    /// <summary>Events refused for the stream's future-skew limit, those too that the query's filter refused.</summary>
    public long FutureSkews;

    /// <summary>As <see cref="FutureSkews"/>, for the range of time that is the stream's.</summary>
    public long OutOfRange;

    /// <summary>As <see cref="FutureSkews"/>, for jumps that nobody confirmed.</summary>
    public long JumpsRefused;

    /// <summary>As <see cref="FutureSkews"/>, for the end of input.</summary>
    public long AfterEnd;

    /// <summary>Events that only the windows of the query have no time for.</summary>
    public long OutOfOwnRange;
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

    /// <summary>
    /// The newest time that was refused as too far ahead of the clock; of no meaning before the first.
    /// </summary>
    public long NewestSkewTicks;

    /// <summary>
    /// The first time of the newest run that was too late; of no meaning before the first, and where stores judge that.
    /// </summary>
    public long NewestLateTicks;

    public DropCounts Dropped;
}
