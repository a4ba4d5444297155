using DisruptorStream.Events;

namespace DisruptorStream.State;

/// <summary>What one shard counts. One thread writes; others read values that may lag a little.</summary>
internal sealed class ShardCounters
{
    private readonly long[] _dropped = new long[Enum.GetValues<DropReason>().Length];

    public long WindowsOpened;
    public long WindowsFired;
    public long WindowsClosed;
    public long WindowsEvicted;
    public long WindowsFailed;
    public long LateDroppedAssignments;

    public long ActiveWindows => Volatile.Read(ref WindowsOpened) - Volatile.Read(ref WindowsClosed);

    public void Drop(DropReason reason, int count = 1) => _dropped[(int)reason] += count;

    public long Dropped(DropReason reason) => Volatile.Read(ref _dropped[(int)reason]);
}
