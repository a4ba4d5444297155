using DisruptorStream.Pipeline.Assignment;
using DisruptorStream.Pipeline.Assignment.Slices;
using DisruptorStream.Watermarks.History;
using DisruptorStream.Windows;

namespace DisruptorStream.Reporting.Answers;

/// <summary>What window assignment knows about a window.</summary>
/// <param name="Stage">How far it has come.</param>
/// <param name="WatermarkTicks">The watermark; long.MinValue for none.</param>
/// <param name="ExpiryTicks">The watermark at which it expires.</param>
/// <param name="Trace">When it had events.</param>
internal sealed record AskedWindow(WindowStage Stage, long WatermarkTicks, long ExpiryTicks, SliceTrace Trace)
{
    /// <summary>What moved the watermark past its end.</summary>
    public AdvanceEntry? Step { get; private init; }

    /// <summary>Whether it was that very step.</summary>
    public bool IsStepExact { get; private init; }

    /// <summary>Asks window assignment.</summary>
    public static AskedWindow Of(WindowAssignmentStage stage, long latenessTicks, TimeWindow window)
    {
        var watermark = stage.WatermarkTicks;
        var expiry = TickMath.SaturatingAdd(window.EndTicks, latenessTicks);
        if (!stage.MayHave(window))
            return new AskedWindow(WindowStage.NoSuchWindow, watermark, expiry, default);
        var trace = stage.TraceOf(window);
        if (watermark < window.EndTicks)
        {
            // Where windows are each key's own, it is not known here whether it has events.
            var hasEvents = trace is not null || stage.LastEndOf(window.StartTicks) is null;
            return new AskedWindow(
                hasEvents ? WindowStage.Open : WindowStage.Empty, watermark, expiry, trace ?? default);
        }

        var isFound = TryFind(stage, window.EndTicks, out var step);
        return new AskedWindow(
            watermark < expiry ? WindowStage.Complete : WindowStage.Expired, watermark, expiry, trace ?? default)
        {
            Step = isFound ? step : null,
            IsStepExact = isFound && WatermarkHistory.Passes(step, window.EndTicks),
        };
    }

    private static bool TryFind(WindowAssignmentStage stage, long watermark, out AdvanceEntry step)
    {
        step = default;
        return stage.History?.TryFind(watermark, out step) == true;
    }
}
