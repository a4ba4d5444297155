using DisruptorStream.Pipeline.Assignment;
using DisruptorStream.Watermarks.History;
using DisruptorStream.Windows;

namespace DisruptorStream.Reporting.Answers;

/// <summary>What window assignment knows about an event that came too late.</summary>
/// <param name="EndTicks">The end of the last of its windows.</param>
/// <param name="ExpiryTicks">The watermark from which on it is too late.</param>
internal sealed record LateEvent(long EndTicks, long ExpiryTicks)
{
    /// <summary>The watermark by which it was judged, or a lower one that is known.</summary>
    public long? WatermarkTicks { get; private init; }

    /// <summary>Whether it is that one.</summary>
    public bool IsExact { get; private init; }

    /// <summary>The least lateness that would have taken it.</summary>
    public long? LatenessTicks { get; private init; }

    /// <summary>What moved the watermark past the expiry.</summary>
    public AdvanceEntry? Step { get; private init; }

    /// <summary>Whether it was that very step.</summary>
    public bool IsStepExact { get; private init; }

    /// <summary>Asks window assignment; null where the windows of a time are not known.</summary>
    public static LateEvent? Of(WindowAssignmentStage stage, long latenessTicks, long timestamp, long sequence)
    {
        if (stage.LastEndOf(timestamp) is not { } end)
            return null;
        var expiry = TickMath.SaturatingAdd(end, latenessTicks);
        if (stage.History is not { } history)
            return new LateEvent(end, expiry);
        var isFound = history.TryFind(expiry, out var step) && step.Sequence < sequence;
        var exact = history.WatermarkOfLate(sequence);
        var known = exact ?? (history.WatermarkBefore(sequence) is { } before && before >= expiry ? before : expiry);
        return new LateEvent(end, expiry)
        {
            WatermarkTicks = known,
            IsExact = exact is not null,
            LatenessTicks = WatermarkHistory.LatenessFor(end, known),
            Step = isFound ? step : null,
            IsStepExact = isFound && WatermarkHistory.Passes(step, expiry),
        };
    }
}
