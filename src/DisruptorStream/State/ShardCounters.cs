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
    public long EventsInNoWindow;
    public long UserFailures;

    /// <summary>The newest exception of the user's own code that no window stands for.</summary>
    public Exception? LastUserFailure { get; private set; }

    public long ActiveWindows => Volatile.Read(ref WindowsOpened) - Volatile.Read(ref WindowsClosed);

    public void Drop(DropReason reason, int count = 1) => _dropped[(int)reason] += count;

    public void NoteUserFailure(Exception exception)
    {
        UserFailures++;
        LastUserFailure = exception;
    }

    public long Dropped(DropReason reason) => Volatile.Read(ref _dropped[(int)reason]);
}
