using System.Globalization;
using DisruptorStream.Events;
using DisruptorStream.Watermarks.History;

namespace DisruptorStream.Reporting.Answers;

/// <summary>Says in words why there is no result, and what can be done.</summary>
internal static class NoResultText
{
    /// <summary>One sentence, without a full stop.</summary>
    public static string Summary(NoResultCase found, NoResultReason reason)
    {
        var stats = found.Stats;
        return reason switch
        {
            NoResultReason.Failed => "it has failed; its Completion says why",
            NoResultReason.NotStarted => Say(
                $"it has not been started; {stats.EventsPublished:N0} events wait"),
            NoResultReason.NoEvents => "nothing has been published",
            NoResultReason.NotHandled => Say(
                $"none of {stats.EventsPublished:N0} events has been handled: ") + HolderOf(found),
            NoResultReason.AllDropped => Say(
                $"all of {stats.EventsDropped:N0} events were dropped: ") + StatsText.Reasons(stats),
            NoResultReason.AllFiltered => Say($"the filter refused all of {stats.EventsFiltered:N0} events"),
            NoResultReason.BetweenWindows => Say(
                $"{stats.EventsInNoWindow:N0} events lie between the windows, as the slide is above the size"),
            NoResultReason.HeldByJumpGuard => Say(
                $"the jump guard holds {stats.EventsHeld:N0} events until others confirm their time"),
            NoResultReason.WaitsForWatermark => $"{Windows(found)}, and {Watermark(found)}{Quiet(found)}",
            NoResultReason.NotDelivered => Say(
                $"{stats.ResultsUndelivered:N0} results have been fired and are not delivered: ") + HolderOf(found),
            NoResultReason.NotRead => Say($"{stats.BufferedResults:N0} results wait in the buffer for a reader"),
            NoResultReason.Stopped => $"it was stopped, and {Windows(found)}",
            _ => Say($"all windows that are due have fired, {stats.ResultsEmitted:N0} results; ")
                + (stats.WatermarkTicks == long.MaxValue ? "the input has ended" : Watermark(found) + Quiet(found)),
        };
    }

    /// <summary>What can be done, each a sentence.</summary>
    public static IReadOnlyList<string> Advice(NoResultCase found, NoResultReason reason)
    {
        var advice = new List<string>();
        switch (reason)
        {
            case NoResultReason.NotStarted:
                advice.Add("Call Start.");
                break;
            case NoResultReason.NotRead:
                advice.Add("Read them: ReadResultsAsync, TryReadResult, or a sink.");
                break;
            case NoResultReason.Stopped:
                advice.Add("Stop with StopMode.Complete: it ends the input, and every window that is open fires.");
                break;
            case NoResultReason.HeldByJumpGuard:
                advice.Add(
                    "Publish more events: those of other keys that are as far ahead confirm them, and the source's own "
                    + "time refuses them. If such jumps are usual, set lower Keys and Events of JumpGuard.");
                break;
            case NoResultReason.WaitsForWatermark:
                AddWaiting(found, advice);
                break;
        }

        AddUnit(found, advice);
        if (found.Reading.Culprit is { } culprit)
            advice.AddRange(LateAdvice.Of(culprit, found.Reading.ProposedGuard));
        if (LatePaneFlood.IsOne(found.Stats.LatePanes, found.Stats.EventsProcessed))
            advice.Add(LatePaneFlood.Advice);
        return advice;
    }

    private static void AddWaiting(NoResultCase found, List<string> advice)
    {
        var input = found.Input;
        if (input.ProcessingTime)
            return;
        if (input.MaxOutOfOrdernessTicks < 0)
        {
            advice.Add(
                "MaxOutOfOrderness is null, so events move no watermark: call AdvanceWatermark on each source, "
                + "or set it.");
            return;
        }

        AddSilentSources(found, advice);
        if (found.NeededTicks is { } needed)
        {
            advice.Add(
                $"The first window fires when every active source has sent an event of "
                + $"{Time(needed, found)} or later.");
        }

        if (input.QuietAfterTicks < 0)
        {
            advice.Add(
                "Nothing else comes? Set AdvanceWhenQuiet, so that event time goes on with the clock; or end the input "
                + "(Complete of the sources, StopMode.Complete).");
        }
        else if (found.Parts.Plan.Execution.IsInline)
        {
            advice.Add("Inline has no thread that looks at the clock: call Advance from time to time.");
        }
    }

    /// <summary>
    /// A time that looks like another unit: of what was refused, and else of what each source sent last.
    /// </summary>
    private static void AddUnit(NoResultCase found, List<string> advice)
    {
        var now = found.Stats.Taken.UtcTicks - DateTime.UnixEpoch.Ticks;
        var guess = found.Reading.RefusedTicks is { } refused ? UnitGuess.Of(refused, now) : null;
        foreach (var source in found.Stats.Sources)
            guess ??= source.NewestTicks is { } newest ? UnitGuess.Of(newest, now) : null;
        if (guess is not null)
            advice.Add(guess);
    }

    /// <summary>A source that is behind the others, as it sends nothing.</summary>
    private static void AddSilentSources(NoResultCase found, List<string> advice)
    {
        var highest = long.MinValue;
        foreach (var source in found.Stats.Sources)
            highest = Math.Max(highest, source.WatermarkTicks ?? long.MinValue);
        foreach (var source in found.Stats.Sources)
        {
            if (!source.HoldsWatermark || (source.WatermarkTicks ?? long.MinValue) >= highest)
                continue;
            advice.Add(
                $"Source '{source.Name}' holds the others, which are at {Time(highest, found)}: let it send, "
                + "complete or "
                + "dispose it, call MarkIdle, or set IdleTimeout.");
        }
    }

    private static string Windows(NoResultCase found)
    {
        var count = found.Reading.Windows.Count ?? found.Stats.ActiveWindows;
        var what = found.Reading.Windows.Count is null ? found.Stats.CountedAs : "windows";
        var some = count == 1 ? Say($"1 {what.TrimEnd('s')} is open") : Say($"{count:N0} {what} are open");
        if (found.NextEndTicks is { } next)
        {
            var last = found.Reading.Windows.LastEndTicks ?? next;
            return count == 1 || last == next
                ? $"{some} until {Time(next, found)}"
                : $"{some}, the first until {Time(next, found)}, the last until {Time(last, found)}";
        }

        return found.Reading.Windows.LastEndTicks is { } bound
            ? $"{some}, none beyond {Time(bound, found)}"
            : some;
    }

    private static string Watermark(NoResultCase found)
    {
        if (found.Plan.KeyTime is not null && found.Stats.WatermarkTicks is null)
            return "each key has a watermark of its own";
        var watermark = found.Stats.WatermarkTicks is { } ticks
            ? $"the watermark is {Time(ticks, found)}"
            : "there is no watermark yet";
        if (found.Input.ProcessingTime)
            return watermark;
        foreach (var source in found.Stats.Sources)
        {
            if (!source.HoldsWatermark)
                continue;
            var nothing = source.NewestTicks is null && source.WatermarkTicks is null ? ", which has sent nothing" : "";
            return $"{watermark}, held by '{source.Name}'{nothing}";
        }

        return found.Stats.Sources.Count == 0 ? $"{watermark}, and there is no source" : watermark;
    }

    private static string Quiet(NoResultCase found) =>
        found.QuietFor is { } quiet && quiet >= TimeSpan.FromSeconds(1) && !found.Input.ProcessingTime
            ? $"; no event for {AdvanceText.Of(quiet)}"
            : "";

    private static string HolderOf(NoResultCase found) => found.Parts.RuntimeParts.Watch.Holder;

    private static string Time(long ticks, NoResultCase found) => AnswerText.Time(ticks, found.Stats.Taken);

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
