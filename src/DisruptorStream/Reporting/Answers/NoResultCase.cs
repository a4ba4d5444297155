using DisruptorStream.Pipeline.Assignment;
using DisruptorStream.Plans;
using DisruptorStream.Topology;
using DisruptorStream.Windows;

namespace DisruptorStream.Reporting.Answers;

/// <summary>All that an answer is found from.</summary>
/// <param name="Parts">The processor.</param>
/// <param name="Plan">The query.</param>
/// <param name="Reading">What its window assignment knows.</param>
/// <param name="Stats">What it has done.</param>
/// <param name="QuietFor">How long no source has done anything; null where that is not known.</param>
internal sealed record NoResultCase(
    ProcessorParts Parts, QueryPlan Plan, AssignmentReading Reading, ProcessorStats Stats, TimeSpan? QuietFor)
{
    public InputPlan Input => Parts.Plan.Inputs[0];

    /// <summary>The end of the first window that is open; null where that is not known.</summary>
    public long? NextEndTicks => Reading.Windows.First.Count == 0 ? null : Reading.Windows.First[0].EndTicks;

    /// <summary>The time that the next event of each source must have to complete a window.</summary>
    public long? NeededTicks => NextEndTicks is { } end && Input.MaxOutOfOrdernessTicks >= 0 && !Input.ProcessingTime
        ? TickMath.SaturatingAdd(end, Input.MaxOutOfOrdernessTicks)
        : null;
}
