using DisruptorStream.Events;
using DisruptorStream.Pipeline.Assignment.Jumps;
using DisruptorStream.Pipeline.Assignment.Levels;
using DisruptorStream.Watermarks;
using DisruptorStream.Windows;
using DisruptorStream.Windows.Grids;

namespace DisruptorStream.Pipeline.Assignment;

/// <summary>What window assignment judges by.</summary>
/// <param name="AllowedLatenessTicks">How long after its end a window still takes events.</param>
/// <param name="MaxOutOfOrdernessTicks">
/// How far the watermark stays behind the largest timestamp; -1 = explicit only.
/// </param>
/// <param name="ProcessingTime">Windows go by the clock.</param>
/// <param name="MaxSlices">Slices that may be open at once.</param>
internal sealed record AssignmentRules(
    long AllowedLatenessTicks, long MaxOutOfOrdernessTicks, bool ProcessingTime, int MaxSlices)
{
    /// <summary>Whether the stores share slices, so that slices are what is counted as opened and closed.</summary>
    public bool SharesSlices { get; init; }

    /// <summary>The slices of each size, where there are several; null where there is one.</summary>
    public SliceLevels? Levels { get; init; }

    /// <summary>Whether windows without events are filled.</summary>
    public bool FillsGaps { get; init; }

    /// <summary>Whether each key has a time of its own, so that nothing goes by the sources' watermark.</summary>
    public bool HasKeyTime { get; init; }

    /// <summary>The first and the last timestamp that the windows have time for, where stores find them.</summary>
    public (long First, long Last) Range { get; init; } = (long.MinValue, long.MaxValue);

    /// <summary>When a timestamp is a jump; null for no guard against those.</summary>
    public JumpRules? Jumps { get; init; }

    /// <summary>Where the words of an event lie.</summary>
    public SlotLayout Layout { get; init; } = new(Measures: 1, Keys: 1, Filters: 0);

    /// <summary>Steps of the watermark that are kept, to say later what moved it; 0 for none.</summary>
    public int HistoryCapacity { get; init; }

    /// <summary>
    /// How far the watermark moves at least between two kept steps, where no grid of windows says that; else 0.
    /// </summary>
    public long HistoryStepTicks { get; init; }

    /// <summary>How far a session reaches beyond its last event; 0 where windows are not sessions.</summary>
    public long ReachTicks { get; init; }

    /// <summary>How many shards there are.</summary>
    public int ShardCount { get; init; } = 1;

    /// <summary>Whether the stores take runs of two slices (<see cref="Events.EventRun.HasOlder"/>).</summary>
    public bool MixesSlices { get; init; }

    /// <summary>Judges by the slices of a plan, or leaves the verdict to the stores where there are none.</summary>
    /// <param name="grid">The slices; null for sessions and custom windows.</param>
    /// <param name="tracker">The sources.</param>
    /// <param name="selection">What the query takes of the slots; null for all.</param>
    public WindowAssignmentStage NewStage(
        SliceGrid? grid, WatermarkTracker tracker, QuerySelection? selection = null)
    {
        if (Levels is { } levels)
            return new LeveledAssignment(levels, tracker, this, selection);
        if (grid is null)
            return new UnslicedAssignment(tracker, this, selection);
        return new SlicedAssignment(grid, tracker, this, selection);
    }
}
