using DisruptorStream.Events;
using DisruptorStream.Pipeline.Assignment.Slices;
using DisruptorStream.Watermarks;
using DisruptorStream.Watermarks.History;

namespace DisruptorStream.Pipeline.Assignment;

/// <summary>What window assignment knows between two batches, for those who ask why.</summary>
internal sealed record AssignmentReading
{
    // Below this share of the late events, a step is one of many.
    private const int MostLateParts = 2;

    public required long WatermarkTicks { get; init; }

    /// <summary>The windows that are open.</summary>
    public required OpenWindowList Windows { get; init; }

    /// <summary>The newest step of the watermark past an end; null for none, and where they are not kept.</summary>
    public required AdvanceEntry? Newest { get; init; }

    /// <summary>The step after which most of the late events came; null where no single one stands out.</summary>
    public required AdvanceEntry? Culprit { get; init; }

    /// <summary>A guard that would have held it; null where it was no jump, and where there is a guard.</summary>
    public required JumpGuardOptions? ProposedGuard { get; init; }

    /// <summary>The newest time that was refused as too far ahead of the clock; null for none.</summary>
    public required long? RefusedTicks { get; init; }

    /// <summary>Reads it. On the thread of the stage, or under its lock.</summary>
    public static AssignmentReading Of(WindowAssignmentStage stage)
    {
        var windows = new OpenWindowList();
        stage.CopyOpenWindows(windows);
        var late = stage.Counters.DroppedBy(DropReason.Late);
        var culprit = stage.History?.Worst() is { } worst && worst.LateCount * MostLateParts >= late ? worst : default;
        var isNamed = culprit.LateCount > 0;
        return new AssignmentReading
        {
            WatermarkTicks = stage.WatermarkTicks,
            RefusedTicks = stage.Counters.Read() is { FutureSkews: > 0 } figures ? figures.NewestSkewTicks : null,
            Windows = windows,
            Newest = stage.History?.Newest,
            Culprit = isNamed ? culprit : null,
            ProposedGuard = isNamed && !stage.IsGuarded
                ? JumpAdvice.For(
                    culprit, stage.History!.LongestStepBut(culprit.Sequence), stage.Tracker.OutOfOrdernessTicks)
                : null,
        };
    }
}
