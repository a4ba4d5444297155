using DisruptorStream.Events;

namespace DisruptorStream.State;

/// <summary>What one shard counts.</summary>
internal struct ShardFigures
{
    public long WindowsOpened;
    public long WindowsFired;
    public long RetractionsFired;
    public long WindowsSuppressed;
    public long RetractionsSuppressed;
    public long WindowsClosed;
    public long WindowsEvicted;
    public long LateDroppedAssignments;
    public long WindowLimitDroppedAssignments;
    public long EventsInNoWindow;
    public long UserFailures;

    /// <summary>Late panes, in this process: they are not saved.</summary>
    public long LatePanes;
    public DropCounts Dropped;
}
