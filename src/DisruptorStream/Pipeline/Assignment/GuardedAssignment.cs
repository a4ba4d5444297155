using DisruptorStream.Emission.Delivery;
using DisruptorStream.Events;
using DisruptorStream.Pipeline.Assignment.Jumps;
using DisruptorStream.Telemetry;
using DisruptorStream.Watermarks;

namespace DisruptorStream.Pipeline.Assignment;

/// <summary>Window assignment, with a view of its sources and its watermark for any thread.</summary>
/// <remarks>The lock is taken once for each batch, and by threads that ask for the sources.</remarks>
internal sealed class GuardedAssignment
{
    private readonly WindowAssignmentStage _stage;
    private readonly BatchMeter? _meter;
    private readonly Lock _gate = new();

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
        lock (_gate)
            taken = _stage.OnBatch(view, runs);
        EndBatch(view.FirstSequence, taken);
        return taken;
    }

    /// <summary>As <see cref="OnBatch"/>, for events outside of the ring.</summary>
    public void OnEvents(in AcceptedEvents events, RunList runs)
    {
        lock (_gate)
            _stage.OnEvents(events, runs);
        EndBatch(events.View.FirstSequence, events.View.Count);
    }

    /// <inheritdoc cref="WindowAssignmentStage.OnPanes"/>
    public void OnPanes(in EventView panes, RunList runs)
    {
        lock (_gate)
            _stage.OnPanes(panes, runs);
    }

    /// <summary>Appends the status of every source, ascending by number.</summary>
    public void CopySources(List<SourceStatus> statuses)
    {
        lock (_gate)
            _stage.Tracker.CopyTo(statuses);
    }

    /// <summary>Asks the stage between two batches. Any thread; waits for the batch that is under way.</summary>
    public TAnswer Ask<TAnswer>(Func<WindowAssignmentStage, TAnswer> question)
    {
        lock (_gate)
            return question(_stage);
    }

    private void EndBatch(long first, int count)
    {
        Progress.MoveTo(first + count - 1, _stage.WatermarkTicks);
        _meter?.OnBatch(count);
        Counters.EndBatch(_stage.WatermarkTicks, _stage.TimeOfDayTicks, _stage.HeldCount);
    }
}
