using System.CommandLine;
using System.Globalization;
using DisruptorStream.LoadTests.Commands.Options;
using DisruptorStream.LoadTests.Measuring;
using DisruptorStream.LoadTests.Texts.Baselines;
using DisruptorStream.LoadTests.Texts.Marked;
using DisruptorStream.LoadTests.Texts.Pairs;
using DisruptorStream.LoadTests.Texts.Utf8;

namespace DisruptorStream.LoadTests.Texts;

/// <summary>A user's own events with text keys, beside the dictionary that he would write.</summary>
internal static class TextCommand
{
    private const string Texts = "texts";
    private const string Fresh = "fresh";
    private const string Shared = "publishers";
    private const string Numbers = "integers";
    private const string Marked = "generated";
    private const string MarkedNumbers = "generated-integers";
    private const string Other = "baselines";
    private const string New = "new";
    private const string Pair = "pairs";
    private const string Bytes = "utf8";

    private static readonly string[] Parts =
        [Texts, Fresh, Shared, Numbers, Marked, MarkedNumbers, Other, New, Pair, Bytes];

    public static Command Create()
    {
        var events = SizeOption.One("--events", "Events of a run. Default 2M.", 2_000_000);
        var runs = SizeOption.One("--runs", "Measured runs of each. Default 9.", 9);
        var parts = new Option<string[]>("--part")
        {
            Description = $"What is measured: {string.Join(", ", Parts)}. Default all.",
            DefaultValueFactory = _ => Parts,
            AllowMultipleArgumentsPerToken = true,
        };
        parts.AcceptOnlyFromAmong(Parts);
        var command = new Command("text", "A user's own events with text keys, beside a dictionary for each window.")
        {
            events, runs, parts,
        };
        command.SetAction(parsed => Run(parsed.GetValue(events), parsed.GetValue(runs), parsed.GetValue(parts)!));
        return command;
    }

    private static int Run(int events, int runs, string[] parts)
    {
        const int WarmUps = 3;
        var checks = new Checklist();
        foreach (var part in parts)
        {
            var measured = part switch
            {
                Texts => TextRuns.Known(events, areFresh: false),
                Fresh => TextRuns.Known(events, areFresh: true),
                Shared => TextRuns.Shared(events),
                Numbers => TextRuns.Numbers(events),
                Marked => MarkedRuns.Texts(events),
                MarkedNumbers => MarkedRuns.Numbers(events),
                Other => BaselineRuns.Texts(events),
                Pair => PairRuns.Of(events),
                Bytes => Utf8Runs.Of(events),
                _ => TextRuns.New(),
            };
            measured.Measure(WarmUps, runs, checks);
            if (part == New)
                CheckLongest(runs, checks);
        }

        return checks.Conclude();
    }

    /// <summary>That no single call waits for all keys to be filed anew.</summary>
    private static void CheckLongest(int runs, Checklist checks)
    {
        var engine = new List<double>();
        var own = new List<double>();
        for (var run = 0; run < runs; run++)
        {
            engine.Add(TextRuns.LongestNew().TotalMilliseconds);
            own.Add(TextRuns.LongestOwn().TotalMilliseconds);
        }

        engine.Sort();
        own.Sort();
        checks.Check(
            "new texts, longest call Inline",
            engine[runs / 2] <= own[runs / 2],
            string.Create(
                CultureInfo.InvariantCulture,
                $"{engine[runs / 2]:F2} ms, at most that of a dictionary that grows, {own[runs / 2]:F2}"));
    }
}
