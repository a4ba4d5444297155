using DisruptorStream.Events;
using DisruptorStream.Watermarks;

namespace DisruptorStream.Pipeline.Assignment;

/// <summary>Window assignment, with a view of its sources and its watermark for any thread.</summary>
/// <remarks>The lock is taken once for each batch, and by whoever asks for the sources.</remarks>
internal sealed class GuardedAssignment
{
    private readonly WindowAssignmentStage _stage;
    private readonly Lock _gate = new();
    private long _watermark = long.MinValue;

    public GuardedAssignment(WindowAssignmentStage stage) => _stage = stage;

    public AssignmentCounters Counters => _stage.Counters;

    /// <summary>The combined watermark as of the newest batch. Pairs with the write in <see cref="OnBatch"/>.</summary>
    public long Watermark => Volatile.Read(ref _watermark);

    public void OnBatch(in EventView view, RunList runs)
    {
        lock (_gate)
            _stage.OnBatch(view, runs);

        // Pairs with the read in Watermark.
        Volatile.Write(ref _watermark, _stage.Watermark);
    }

    /// <summary>As <see cref="OnBatch"/>, for events that are all accepted and of one source.</summary>
    public void OnEvents(in EventView events, ushort source, RunList runs)
    {
        lock (_gate)
            _stage.OnEvents(events, source, runs);

        // Pairs with the read in Watermark.
        Volatile.Write(ref _watermark, _stage.Watermark);
    }

    /// <summary>Appends the status of every source, ascending by number.</summary>
    public void CopySources(List<SourceStatus> statuses)
    {
        lock (_gate)
            _stage.Tracker.CopyTo(statuses);
    }
}
