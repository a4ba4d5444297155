using DisruptorStream.Events;

namespace DisruptorStream.Pipeline.Assignment;

/// <summary>What window assignment counts. One thread writes; others read values that may lag a little.</summary>
internal sealed class AssignmentCounters
{
    private readonly long[] _dropped = new long[Enum.GetValues<DropReason>().Length];

    public long EventsProcessed;
    public long EventsInNoWindow;
    public long LateDroppedAssignments;
    public long WatermarkRegressions;

    public void Drop(DropReason reason, int count) => _dropped[(int)reason] += count;

    public long Dropped(DropReason reason) => Volatile.Read(ref _dropped[(int)reason]);
}
