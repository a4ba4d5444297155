using System.Globalization;
using System.Text.RegularExpressions;
using DisruptorStream.Aggregation;
using DisruptorStream.Cli.Commands.Reading;
using DisruptorStream.Cli.Output;
using DisruptorStream.Cli.Text;
using DisruptorStream.Durability.Plans;
using DisruptorStream.Durability.Plans.Records;
using DisruptorStream.Windows.Texts;

namespace DisruptorStream.Cli.State;

/// <summary>The options of a job that the plan in a directory says, so that nobody has to give them again.</summary>
/// <remarks>
/// A plan says most things as text, for people. What is read of it wrongly makes another plan, which the replay
/// refuses: it never gives another result.
/// </remarks>
internal static partial class RecordedJob
{
    private const string Span = @"(-?(?:\d+\.)?\d\d:\d\d:\d\d(?:\.\d{7})?)";

    public static KnownOptions Of(StatePlan? plan, string directory)
    {
        var known = new KnownOptions();
        if (plan is null)
        {
            known.Reasons["--window"] = known.Reasons["--aggregate"] = $"the directory '{directory}' holds no plan";
            return known;
        }

        var record = plan.Record;
        AddInput(known, record);
        if (record.IsStream)
        {
            var names = string.Join("', '", plan.Queries);
            known.Reasons["--window"] = known.Reasons["--aggregate"] =
                $"the directory is that of a stream; give a --query for each of '{names}'";
            return known;
        }

        AddQuery(known, record, record.Queries[0]);
        return known;
    }

    /// <summary>All measures of an event; null where only a program can have them.</summary>
    public static IReadOnlyList<(string Name, MeasureType Type)>? MeasuresOf(StatePlan? plan)
    {
        if (plan is null || plan.Record.IsStream)
            return null;
        var measures = new List<(string Name, MeasureType Type)>();
        foreach (var measure in plan.Record.Measures)
        {
            if (!Enum.TryParse<MeasureType>(measure.Type, out var type) || measure.SymbolTable >= 0)
                return null;
            measures.Add((measure.Name, type));
        }

        return measures;
    }

    private static void AddInput(KnownOptions known, RecordedPlan record)
    {
        AddSpan(known, "--out-of-orderness", record.Options.Find("MaxOutOfOrderness"));
        if (record.Options.Find("JumpGuard") is { IsNone: false } guard
            && JumpGuard().Match(guard.Value) is { Success: true } jump)
        {
            known.Values["--jump-guard"] =
                $"{Length(jump.Groups[1].Value)}/{jump.Groups[2].Value}/{jump.Groups[3].Value}";
        }

        // One that all queries have.
        var lateness = record.Queries[0].Options.Find("AllowedLateness");
        if (record.Queries.All(query => query.Options.Find("AllowedLateness") == lateness))
            AddSpan(known, "--lateness", lateness);
    }

    private static void AddQuery(KnownOptions known, RecordedPlan record, RecordedQuery query)
    {
        if (record.Keys is [{ Name: var key }] && !key.Contains('"', StringComparison.Ordinal)
            && !ResultColumns.Window.Contains(key, StringComparer.Ordinal))
        {
            known.Values["--key"] = QuotedText.Quote(key);
        }

        var windows = TextOf(query, "windows");
        if (WindowOf(windows) is { } window)
            known.Values["--window"] = window;
        else
            known.Reasons["--window"] = $"the plan has '{windows}', which dstream cannot take over";
        if (query.Options.Find("Having") is { IsNone: false } having)
            known.Values["--having"] = having.Value;
        if (query.Options.Find("FillGaps") is { IsNone: false } gaps
            && FillGaps().Match(gaps.Value) is { Success: true } fill
            && FilledWith().Match(TextOf(query, "gaps")) is { Success: true } with)
        {
            known.Values["--fill"] = $"{with.Groups[1].Value.ToLowerInvariant()}/{fill.Groups[1].Value}";
        }

        if (query.Options.Find("KeyTime") is { IsNone: false } time
            && KeyTime().Match(time.Value) is { Success: true } own)
        {
            known.Values["--watermark"] = $"per-key:{Length(own.Groups[1].Value)}";
        }

        if (RecordedMetrics.Of(query, out var why) is { } aggregates)
            known.Values["--aggregate"] = aggregates;
        else
            known.Reasons["--aggregate"] = why;
    }

    private static string TextOf(RecordedQuery query, string part) =>
        query.Meaning.FirstOrDefault(one => one.Name == part)?.Text ?? "";

    private static void AddSpan(KnownOptions known, string option, RecordedOption? recorded)
    {
        if (recorded is { IsNone: false }
            && TimeSpan.TryParseExact(recorded.Value, "c", CultureInfo.InvariantCulture, out _))
        {
            known.Values[option] = Length(recorded.Value);
        }
    }

    private static string? WindowOf(string text)
    {
        if (FixedWindows().Match(text) is { Success: true } sizes)
        {
            var slide = sizes.Groups[3].Success ? $"/{Length(sizes.Groups[3].Value)}" : "";
            return $"{sizes.Groups[1].Value}:{Length(sizes.Groups[2].Value)}{slide}";
        }

        if (Sessions().Match(text) is { Success: true } session)
            return $"session:{Length(session.Groups[1].Value)}";
        if (Silences().Match(text) is { Success: true } silence)
            return $"silence:{Length(silence.Groups[1].Value)}/{Length(silence.Groups[2].Value)}";
        if (Calendars().Match(text) is not { Success: true } calendar)
            return null;
        var (count, unit) = (calendar.Groups[1].Value, calendar.Groups[2].Value);
        var day = calendar.Groups[3] is { Success: true } first ? $"-{first.Value.ToLowerInvariant()}" : "";
        return $"calendar:{count}{unit}{day}@{calendar.Groups[4].Value}";
    }

    private static string Length(string span) =>
        Duration.Format(TimeSpan.ParseExact(span, "c", CultureInfo.InvariantCulture));

    [GeneratedRegex("^(tumbling|sliding) " + Span + "(?: every " + Span + ")?, ")]
    private static partial Regex FixedWindows();

    [GeneratedRegex("^session with a gap of " + Span + ", ")]
    private static partial Regex Sessions();

    [GeneratedRegex("^silence after " + Span + ", known for " + Span + ", ")]
    private static partial Regex Silences();

    [GeneratedRegex(
        @"^calendar, every (?:(\d+) )?(hour|day|week|month|quarter|year)s?(?: from (\w+))? in (\S+), ")]
    private static partial Regex Calendars();

    [GeneratedRegex("^" + Span + @", (\d+) of key '.*' or (\d+) events$")]
    private static partial Regex JumpGuard();

    [GeneratedRegex("^" + Span + " behind, ")]
    private static partial Regex KeyTime();

    [GeneratedRegex(@"^at most (\d+) in a row$")]
    private static partial Regex FillGaps();

    [GeneratedRegex("^filled with (Null|Zero|Previous)$")]
    private static partial Regex FilledWith();
}
