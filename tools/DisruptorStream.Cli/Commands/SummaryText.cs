using System.Globalization;
using DisruptorStream.Cli.Input;
using DisruptorStream.Cli.Jobs;
using DisruptorStream.Cli.Jobs.Queries;
using DisruptorStream.Cli.Text;
using DisruptorStream.Events;

namespace DisruptorStream.Cli.Commands;

/// <summary>Says in a few lines what a job has done, and what became of the events that are in no result.</summary>
internal static class SummaryText
{
    public static void Write(TextWriter writer, JobSummary summary)
    {
        foreach (var query in summary.Queries)
            WriteCounts(writer, query);
        writer.WriteLine(Describe(summary.Lines));
        foreach (var query in summary.Queries)
            WriteLosses(writer, query, summary.Lines);
        if (summary.BadLines > 0)
        {
            writer.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{Count(summary.BadLines, "line")} could not be read"));
        }

        foreach (var cells in summary.Unread.GroupBy(one => (one.Column, one.Needed)))
        {
            var count = Count(cells.Sum(one => one.Count), "value");
            writer.WriteLine(
                $"{count} of '{PlainText.Of(cells.Key.Column)}', such as '{PlainText.Of(cells.First().First ?? "")}', "
                + $"taken for null where an expression needs {cells.Key.Needed}");
        }

        foreach (var (column, count) in summary.TextColumns)
        {
            writer.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{count:N0} of them {(count == 1 ? "has" : "have")} text in '{PlainText.Of(column)}', "
                + $"where an aggregate needs numbers"));
        }
    }

    /// <summary>Says which windows have no values, and why: an error, not a summary.</summary>
    public static void WriteFailures(TextWriter writer, JobSummary summary)
    {
        foreach (var query in summary.Queries.Where(query => query.FailedWindows > 0))
        {
            writer.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"dstream: {NameOf(query)}{Count(query.FailedWindows, "window")} failed, without values: "
                + $"{PlainText.Of(InOurTerms(query.FirstFailure ?? ""))}"));
        }
    }

    private static void WriteCounts(TextWriter writer, QuerySummary query)
    {
        var stats = query.Stats;
        var filtered = query.Name is null || stats.EventsFiltered == 0
            ? ""
            : string.Create(CultureInfo.InvariantCulture, $", {stats.EventsFiltered:N0} filtered");
        var suppressed = stats.ResultsSuppressed == 0
            ? ""
            : string.Create(CultureInfo.InvariantCulture, $" of {stats.ResultsEmitted + stats.ResultsSuppressed:N0}");
        writer.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{NameOf(query)}{Count(stats.EventsProcessed, "event")} of {Count(stats.Keys, "key")}, "
            + $"{Count(stats.ResultsEmitted, "result")}{suppressed}{filtered}"));
    }

    private static void WriteLosses(TextWriter writer, QuerySummary query, LineCounts lines)
    {
        var stats = query.Stats;
        foreach (var reason in Enum.GetValues<DropReason>())
        {
            if (reason == DropReason.None || stats.DroppedBy(reason) is not (var count and > 0))
                continue;
            writer.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{NameOf(query)}{Count(count, "event")} dropped: {Explain(reason)}"));
        }

        // One event that ran ahead makes most of them late as well, and is named below.
        if (stats.LateDropped > stats.EventsProcessed / 2 && query.Why.ProposedGuard is null)
        {
            writer.WriteLine(
                $"{NameOf(query)}That is most of them: is the input newest first? Sort it by time, or let "
                + "--out-of-orderness span it.");
        }

        foreach (var line in WhyText.LossesOf(query, lines))
            writer.WriteLine(line);
        if (stats.EventsInNoWindow > 0)
        {
            writer.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{NameOf(query)}{Count(stats.EventsInNoWindow, "event")} between the windows"));
        }
    }

    private static string NameOf(QuerySummary query) =>
        query.Name is null ? "" : $"{PlainText.Of(query.Name)}: ";

    /// <summary>What the engine advises to a program, as advice to who writes a command line.</summary>
    private static string InOurTerms(string failure) => failure.Replace(
        "raise PercentileMode.ExactUpTo, take a sketch, or use smaller windows",
        "raise exact=N, write error=E in its place, or use smaller windows",
        StringComparison.Ordinal);

    private static string Count(long count, string what) =>
        string.Create(CultureInfo.InvariantCulture, $"{count:N0} {what}{(count == 1 ? "" : "s")}");

    /// <summary>Every line that was read, by what became of it.</summary>
    private static string Describe(LineCounts lines)
    {
        var filtered = lines.Filtered == 0
            ? ""
            : string.Create(CultureInfo.InvariantCulture, $"{lines.Filtered:N0} filtered + ");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{lines.Total:N0} lines = {lines.Headers:N0} of headers + {lines.Events:N0} of events + {filtered}"
            + $"{lines.Bad:N0} bad + "
            + $"{lines.Blank:N0} blank + {lines.Further:N0} further ones of quoted fields");
    }

    private static string Explain(DropReason reason) => reason switch
    {
        DropReason.Late => "they came too late for all their windows (see --out-of-orderness and --lateness)",
        DropReason.TimestampJump =>
            "their time was far ahead of their input, which went on without them (see --jump-guard)",
        DropReason.TimestampOutOfRange => "their time is out of range",
        DropReason.KeyLimit => "there are too many keys",
        DropReason.SliceLimit => "too many windows are open at once",
        _ => reason.ToString(),
    };
}
