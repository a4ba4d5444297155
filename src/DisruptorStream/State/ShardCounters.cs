using DisruptorStream.Events;
using DisruptorStream.Telemetry;

namespace DisruptorStream.State;

/// <summary>What one shard counts. One thread writes; others read all of it as of the end of a batch.</summary>
internal sealed class ShardCounters
{
    private readonly PublishedCopy<ShardFigures> _figures = new();

    public ref long WindowsOpened => ref _figures.Live.WindowsOpened;

    public ref long WindowsFired => ref _figures.Live.WindowsFired;

    public ref long WindowsClosed => ref _figures.Live.WindowsClosed;

    public ref long WindowsEvicted => ref _figures.Live.WindowsEvicted;

    public ref long LateDroppedAssignments => ref _figures.Live.LateDroppedAssignments;

    public ref long WindowLimitDroppedAssignments => ref _figures.Live.WindowLimitDroppedAssignments;

    public ref long EventsInNoWindow => ref _figures.Live.EventsInNoWindow;

    /// <summary>Read from other threads as it is: it must not wait for the end of a batch that fails.</summary>
    public ref long UserFailures => ref _figures.Live.UserFailures;

    /// <summary>The newest exception of the user's own code that no window stands for.</summary>
    public Exception? LastUserFailure { get; private set; }

    public void Drop(DropReason reason, int count = 1) => _figures.Live.Dropped[(int)reason] += count;

    public void NoteUserFailure(Exception exception)
    {
        UserFailures++;
        LastUserFailure = exception;
    }

    /// <summary>Shows the counts as they are now. Between batches.</summary>
    public void Publish() => _figures.Publish();

    /// <summary>Any thread.</summary>
    public ShardFigures Read() => _figures.Read();
}
