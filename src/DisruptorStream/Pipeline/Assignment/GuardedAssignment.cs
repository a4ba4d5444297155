using DisruptorStream.Emission.Delivery;
using DisruptorStream.Events;
using DisruptorStream.Pipeline.Assignment.Jumps;
using DisruptorStream.Rings.Waiting;
using DisruptorStream.Slots.Inline;
using DisruptorStream.Telemetry;
using DisruptorStream.Watermarks;

namespace DisruptorStream.Pipeline.Assignment;

/// <summary>Window assignment, with a view of its sources and its watermark for any thread.</summary>
/// <remarks>
/// The thread that runs the stage owns the lock, and takes it for each batch; threads that ask are its guests.
/// </remarks>
internal sealed class GuardedAssignment
{
    private readonly WindowAssignmentStage _stage;
    private readonly BatchMeter? _meter;
    private readonly BiasedLock _gate = new();

    /// <param name="stage">The stage.</param>
    /// <param name="meter">Told the size of each batch; null for nobody.</param>
    public GuardedAssignment(WindowAssignmentStage stage, BatchMeter? meter = null)
    {
        _stage = stage;
        _meter = meter;
    }

    /// <summary>The watermark, for those who deliver.</summary>
    public WatermarkProgress Progress { get; } = new();

    public AssignmentCounters Counters => _stage.Counters;

    /// <summary>Copies of events that runs name.</summary>
    public EventCopies Copies => _stage.Copies;

    /// <summary>The combined watermark as of the newest batch.</summary>
    public long WatermarkTicks => Counters.Read().WatermarkTicks;

    /// <inheritdoc cref="WindowAssignmentStage.OnBatch"/>
    public int OnBatch(in EventView view, RunList runs)
    {
        int taken;
        _gate.EnterAsOwner();
        try
        {
            taken = _stage.OnBatch(view, runs);
        }
        finally
        {
            _gate.ExitAsOwner();
        }

        EndBatch(view.FirstSequence, taken);
        return taken;
    }

    /// <summary>The verdict of <see cref="TryTakeOne"/>.</summary>
    public ref readonly EventRun OneRun => ref _stage.OneRun;

    /// <summary>The events that <see cref="TryTakeOne"/> takes. On the thread that runs the stage.</summary>
    public AlikeEvents Alike => _stage.Alike;

    /// <inheritdoc cref="WindowAssignmentStage.TryTakeOne"/>
    public unsafe bool TryTakeOne(EventSlot* slot, long sequence)
    {
        // Nothing of this throws.
        _gate.EnterAsOwner();
        var isTaken = _stage.TryTakeOne(slot, sequence);
        _gate.ExitAsOwner();
        if (!isTaken)
            return false;
        Progress.MoveTo(sequence, _stage.WatermarkTicks);
        _meter?.OnBatch(1);
        Counters.EndOne(_stage.WatermarkTicks, _stage.TimeOfDayTicks);
        return true;
    }

    /// <summary>As <see cref="OnBatch"/>, for events outside of the ring.</summary>
    public void OnEvents(in AcceptedEvents events, RunList runs)
    {
        _gate.EnterAsOwner();
        try
        {
            _stage.OnEvents(events, runs);
        }
        finally
        {
            _gate.ExitAsOwner();
        }

        EndBatch(events.View.FirstSequence, events.View.Count);
    }

    /// <inheritdoc cref="WindowAssignmentStage.OnPanes"/>
    public void OnPanes(in EventView panes, RunList runs)
    {
        _gate.EnterAsOwner();
        try
        {
            _stage.OnPanes(panes, runs);
        }
        finally
        {
            _gate.ExitAsOwner();
        }
    }

    /// <summary>Appends the status of every source, ascending by number.</summary>
    public void CopySources(List<SourceStatus> statuses)
    {
        _gate.EnterAsGuest();
        try
        {
            _stage.Tracker.CopyTo(statuses);
        }
        finally
        {
            _gate.ExitAsGuest();
        }
    }

    /// <summary>Asks the stage between two batches. Any thread; waits for the batch that is under way.</summary>
    public TAnswer Ask<TAnswer>(Func<WindowAssignmentStage, TAnswer> question)
    {
        _gate.EnterAsGuest();
        try
        {
            return question(_stage);
        }
        finally
        {
            _gate.ExitAsGuest();
        }
    }

    private void EndBatch(long first, int count)
    {
        Progress.MoveTo(first + count - 1, _stage.WatermarkTicks);
        _meter?.OnBatch(count);
        Counters.EndBatch(_stage.WatermarkTicks, _stage.TimeOfDayTicks, _stage.HeldCount);
    }
}
