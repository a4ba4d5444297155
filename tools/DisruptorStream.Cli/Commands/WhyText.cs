using System.Globalization;
using DisruptorStream.Cli.Input;
using DisruptorStream.Cli.Jobs;
using DisruptorStream.Cli.Jobs.Queries;
using DisruptorStream.Cli.Text;
using DisruptorStream.Reporting.Answers;
using DisruptorStream.Windows.Texts;

namespace DisruptorStream.Cli.Commands;

/// <summary>Says in the words of the command line why rows are in no result.</summary>
internal static class WhyText
{
    /// <summary>What was open when the inputs ended, and how far each of them had come.</summary>
    public static void Write(TextWriter writer, JobSummary summary)
    {
        foreach (var query in summary.Queries)
        {
            if (query.AtEnd is not { } answer)
                continue;
            writer.WriteLine($"{NameOf(query)}before the end of the input {PlainText.Of(answer.Summary)}");
            foreach (var source in answer.Stats.Sources.Where(source => source.HoldsWatermark))
                writer.WriteLine($"{NameOf(query)}the watermark waited for {PlainText.Of(source.Name)}");
            if (answer.LastAdvance is { } last)
                writer.WriteLine($"{NameOf(query)}it was last moved by {PlainText.Of(last.ToString())}");
        }
    }

    /// <summary>What a summary has to say of rows that are in no result; nothing where there are none.</summary>
    public static IEnumerable<string> LossesOf(QuerySummary query, LineCounts lines)
    {
        if (query.Stats.ResultsEmitted == 0 && query.Why.Reason == NoResultReason.NoEvents && lines.Filtered > 0)
            yield return $"{NameOf(query)}no result: no row passed";
        else if (query.Stats.ResultsEmitted == 0 && query.Why.Reason != NoResultReason.NoEvents)
            yield return $"{NameOf(query)}no result: {PlainText.Of(query.Why.Summary)}";
        // Where one clock is ahead, no bound is of use.
        if (query.Stats.LateDropped > 0 && query.Why.ProposedGuard is null)
        {
            foreach (var line in LatenessOf(query))
                yield return line;
        }

        if (query.Why is not { Culprit: { } culprit, LatenessNeeded: { } lateness })
            yield break;
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"{NameOf(query)}{culprit.EventsLate:N0} of them came after {PlainText.Of(culprit.ToString())}");
        var needed = TimeSpan.FromSeconds(Math.Ceiling(lateness.TotalSeconds));
        var guard = query.Why.ProposedGuard is { } proposed
            ? $", and --jump-guard {Duration.Format(proposed.Jump)} would have held that one"
            : "";
        yield return $"{NameOf(query)}--lateness {Duration.Format(needed)} would have saved them{guard}";
    }

    /// <summary>How late the rows of each input come, and what would be enough for most of them.</summary>
    private static IEnumerable<string> LatenessOf(QuerySummary query)
    {
        foreach (var source in query.Stats.Sources)
        {
            if (source.Lateness is not { EventsBehind: > 0 } lateness)
                continue;
            var enough = lateness.Bound999 ?? lateness.Most;
            var needed = TimeSpan.FromSeconds(Math.Ceiling(enough.TotalSeconds));
            yield return $"{NameOf(query)}in {PlainText.Of(source.Name)} {lateness}";
            yield return $"{NameOf(query)}--out-of-orderness {Duration.Format(needed)} is enough for "
                + (lateness.Bound999 is null ? "all of them" : "99.9 % of them");
        }
    }

    private static string NameOf(QuerySummary query) =>
        query.Name is null ? "" : $"{PlainText.Of(query.Name)}: ";
}
