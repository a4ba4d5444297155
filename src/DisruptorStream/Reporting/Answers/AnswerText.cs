using System.Globalization;
using System.Text;
using DisruptorStream.Watermarks;
using DisruptorStream.Watermarks.History;

namespace DisruptorStream.Reporting.Answers;

/// <summary>Shows an answer to people.</summary>
internal static class AnswerText
{
    private const int Width = 14;

    public static string Of(NoResultAnswer answer)
    {
        var text = new StringBuilder();
        Add(text, answer.Stats.Name, answer, "");
        foreach (var (name, query) in answer.Queries)
            Add(text, $"query '{name}'", query, "  ");
        return text.ToString().TrimEnd();
    }

    /// <summary>A time of events; without its date where that is today's.</summary>
    public static string Time(long ticks, DateTimeOffset now) =>
        AdvanceText.Of(ticks, now.UtcTicks - DateTime.UnixEpoch.Ticks);

    private static void Add(StringBuilder text, string name, NoResultAnswer answer, string indent)
    {
        text.Append(indent).Append(name).Append(": ").Append(answer.Summary).AppendLine(".");
        if (answer.OpenWindowCount > 1)
            Line(text, indent, "windows", Windows(answer));
        if (indent.Length == 0)
        {
            foreach (var source in answer.Stats.Sources)
                Line(text, indent, "source", Source(source, answer.Stats.Taken));
        }

        if (answer.LastAdvance is { } last)
            Line(text, indent, "moved by", last.ToString());
        if (answer.Culprit is { } culprit)
        {
            Line(text, indent, "late because", string.Create(
                CultureInfo.InvariantCulture, $"{culprit.EventsLate:N0} events came too late after {culprit}"));
        }

        foreach (var advice in answer.Advice)
            Line(text, indent, "to do", advice);
    }

    private static string Windows(NoResultAnswer answer)
    {
        var ends = new List<string>();
        foreach (var window in answer.OpenWindows)
        {
            if (ends.Count == 4)
                break;
            ends.Add($"{Time(window.StartTicks, answer.Stats.Taken)} to {Time(window.EndTicks, answer.Stats.Taken)}");
        }

        var more = answer.OpenWindowCount > ends.Count ? ", \u2026" : "";
        return string.Join(", ", ends) + more;
    }

    private static string Source(SourceWatermark source, DateTimeOffset now)
    {
        var newest = source.NewestTicks is { } ticks ? $"newest event {Time(ticks, now)}" : "no event yet";
        var watermark = source.WatermarkTicks is { } own ? $", watermark {Time(own, now)}" : "";
        var quiet = source.QuietFor is { } span ? $", nothing for {AdvanceText.Of(span)}" : "";
        var holds = source.HoldsWatermark ? ", holds the watermark" : "";
        return $"'{source.Name}': {newest}{watermark}, {source.State.ToString().ToLowerInvariant()}{quiet}{holds}";
    }

    private static void Line(StringBuilder text, string indent, string what, string said) =>
        text.Append(indent).Append("  ").Append(what.PadRight(Width)).AppendLine(said);
}
