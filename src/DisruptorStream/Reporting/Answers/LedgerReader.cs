using DisruptorStream.Events;
using DisruptorStream.Pipeline.Lifecycle;
using DisruptorStream.Topology;
using DisruptorStream.Watermarks.History;
using DisruptorStream.Windows;

namespace DisruptorStream.Reporting.Answers;

/// <summary>Finds out why an event was dropped, and how far a window has come.</summary>
internal static class LedgerReader
{
    /// <summary>Why an event was dropped.</summary>
    /// <param name="parts">The processor.</param>
    /// <param name="index">Which of its queries.</param>
    /// <param name="reason">Why, as it was told.</param>
    /// <param name="timestampTicks">The event's time.</param>
    /// <param name="sequence">Its sequence.</param>
    public static DropAnswer DropOf(
        ProcessorParts parts, int index, DropReason reason, long timestampTicks, long sequence)
    {
        parts.RuntimeParts.Ring.Settle();
        var lateness = parts.Queries[index].Plan.AllowedLatenessTicks;
        var found = parts.Queries[index].Assignment.Ask(
            stage => LateEvent.Of(stage, lateness, timestampTicks, sequence));
        if (reason != DropReason.Late || found is null)
            return OtherDrop(reason, timestampTicks, sequence);
        var culprit = WatermarkAdvance.Of(found.Step, parts.Ledger.Sources.NameOf, found.IsStepExact);
        var allowsLateness = parts.Queries[index].Plan.Window.AllowsLateness;
        return new DropAnswer
        {
            Reason = reason,
            Sequence = sequence,
            TimestampTicks = timestampTicks,
            WindowEndTicks = found.EndTicks,
            ExpiryTicks = found.ExpiryTicks,
            WatermarkTicks = found.WatermarkTicks,
            IsExact = found.IsExact,
            Culprit = culprit,
            LatenessNeeded = allowsLateness && found.LatenessTicks is { } needed ? TimeSpan.FromTicks(needed) : null,
            Summary = allowsLateness
                ? TextOf(found, lateness, timestampTicks, culprit)
                : TextOf(found, timestampTicks, culprit),
        };
    }

    /// <summary>How far a window has come.</summary>
    /// <param name="parts">The processor.</param>
    /// <param name="index">Which of its queries.</param>
    /// <param name="isKeyKnown">Whether its key is known.</param>
    /// <param name="window">The window.</param>
    public static WindowAnswer WindowOf(ProcessorParts parts, int index, bool? isKeyKnown, TimeWindow window)
    {
        parts.RuntimeParts.Ring.Settle();
        var lateness = parts.Queries[index].Plan.AllowedLatenessTicks;
        var found = parts.Queries[index].Assignment.Ask(stage => AskedWindow.Of(stage, lateness, window));
        var stats = StatsReader.StatsOf(parts, index);
        var completedBy = WatermarkAdvance.Of(found.Step, parts.Ledger.Sources.NameOf, found.IsStepExact);
        var panes = found.Stage == WindowStage.NoSuchWindow
            ? null
            : parts.Queries[index].Delivery.Tally?.Read(window);
        return new WindowAnswer
        {
            Window = window,
            Stage = found.Stage,
            IsKeyKnown = isKeyKnown,
            WatermarkTicks = SourcesReader.Shown(found.WatermarkTicks),
            HeldBy = stats.WatermarkHeldBy,
            ExpiryTicks = found.ExpiryTicks,
            CompletedBy = completedBy,
            FirstSequence = found.Trace.Runs == 0 ? null : found.Trace.FirstSequence,
            LastSequence = found.Trace.Runs == 0 ? null : found.Trace.LastSequence,
            Runs = found.Trace.Runs,
            Panes = panes,
            Opened = found.Trace.Runs == 0 || found.Trace.OpenedTicks == long.MinValue
                ? null
                : DateTimeOffset.UnixEpoch.AddTicks(found.Trace.OpenedTicks),
            Summary = TextOf(found, window, isKeyKnown, stats, completedBy) + PanesText(panes),
        };
    }

    private static string PanesText(long? panes) => panes switch
    {
        null or 0 => "",
        1 => " 1 pane of it has been emitted so far.",
        _ => $" {panes} panes of it have been emitted so far, of all keys.",
    };

    private static DropAnswer OtherDrop(DropReason reason, long timestampTicks, long sequence) => new()
    {
        Reason = reason,
        Sequence = sequence,
        TimestampTicks = timestampTicks,
        WindowEndTicks = null,
        ExpiryTicks = null,
        WatermarkTicks = null,
        IsExact = false,
        Culprit = null,
        LatenessNeeded = null,
        Summary = $"{reason}: {DropText.Explain(reason)}",
    };

    private static string TextOf(LateEvent found, long lateness, long timestamp, WatermarkAdvance? culprit)
    {
        var text = $"Late: the windows of {AdvanceText.Of(timestamp)} end by {AdvanceText.Of(found.EndTicks)} and take "
            + $"events until the watermark is {AdvanceText.Of(found.ExpiryTicks)} (allowed lateness "
            + $"{AdvanceText.Of(TimeSpan.FromTicks(lateness))}). ";
        text += TextOf(culprit);
        if (found.LatenessTicks is not { } needed)
            return text;
        var least = found.IsExact ? "" : "at least ";
        return $"{text} An allowed lateness of {least}{AdvanceText.Of(TimeSpan.FromTicks(needed))} would have saved "
            + "it.";
    }

    /// <summary>Where no lateness can be allowed.</summary>
    private static string TextOf(LateEvent found, long timestamp, WatermarkAdvance? culprit)
    {
        var text = $"Late: what begins with {AdvanceText.Of(timestamp)} takes events until the watermark is "
            + $"{AdvanceText.Of(found.EndTicks)}. {TextOf(culprit)}";
        return found.LatenessTicks is { } needed
            ? $"{text} A MaxOutOfOrderness longer by {AdvanceText.Of(TimeSpan.FromTicks(needed))} would have saved it."
            : text;
    }

    private static string TextOf(WatermarkAdvance? culprit) => culprit is { } step
        ? $"{(step.IsExact ? "It passed that with" : "It had passed that by")} {step}."
        : "What moved it past that is no longer kept (WatermarkHistory).";

    private static string TextOf(
        AskedWindow found, TimeWindow window, bool? isKeyKnown, ProcessorStats stats, WatermarkAdvance? completedBy)
    {
        var now = stats.Taken;
        var name = $"the window {AnswerText.Time(window.StartTicks, now)} to {AnswerText.Time(window.EndTicks, now)}";
        var watermark = found.WatermarkTicks == long.MinValue
            ? "there is no watermark yet"
            : $"the watermark is {AnswerText.Time(found.WatermarkTicks, now)}";
        if (stats.WatermarkHeldBy is { } source)
            watermark += $", held by '{source}'";
        var key = isKeyKnown == false ? "; no event of this key has come" : "";
        var by = completedBy is { } step ? $" with {step}" : "";
        return found.Stage switch
        {
            WindowStage.NoSuchWindow => $"There is no {name[4..]}: the query's windows have other bounds.",
            WindowStage.Empty => $"No event of any key is in {name}; {watermark}{key}.",
            WindowStage.Open => $"T{name[1..]} has events and waits for its end; {watermark}{key}.",
            WindowStage.Complete => $"T{name[1..]} was completed{by}; it takes late events until the watermark is "
                + $"{AnswerText.Time(found.ExpiryTicks, now)}{key}.",
            _ => $"T{name[1..]} was completed{by}; it has expired, and a key with events in it has had its results"
                + $"{key}.",
        };
    }
}
