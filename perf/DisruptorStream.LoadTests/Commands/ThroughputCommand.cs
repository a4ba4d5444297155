using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using DisruptorStream.LoadTests.Commands.Options;
using DisruptorStream.LoadTests.Measuring;
using DisruptorStream.LoadTests.Queries;
using DisruptorStream.LoadTests.Workloads;

namespace DisruptorStream.LoadTests.Commands;

/// <summary>A workload against the tightest loops for the same work, in turns and in one process.</summary>
internal static class ThroughputCommand
{
    private const int WarmUps = 4;

    public static Command Create()
    {
        var works = WorkOption.Create("Workloads", WorkOption.All, ["W1"]);
        var modes = ModeOption.Create();
        var events = SizeOption.One("--events", "Events of each run.", 10_000_000);
        var runs = new Option<int>("--runs") { Description = "Measured runs.", DefaultValueFactory = _ => 7 };
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var command = new Command("throughput", "Events per second beside hand-written loops that do the same work.")
        {
            works,
            modes,
            events,
            runs,
            json,
        };
        command.SetAction(parsed => Run(
            parsed.GetValue(works)!,
            parsed.GetValue(modes)!,
            parsed.GetValue(events),
            parsed.GetValue(runs),
            parsed.GetValue(json)));
        return command;
    }

    /// <summary>A workload, or a public benchmark's query.</summary>
    public static ThroughputReport Measure(string name, IReadOnlyList<ExecutionMode> modes, int events, int runs) =>
        Workload.Find(name) is { } work
            ? Measure(work, modes, events, runs)
            : Query.Create(name, events).Measure(modes, WarmUps, runs);

    public static ThroughputReport Measure(Workload work, IReadOnlyList<ExecutionMode> modes, int events, int runs)
    {
        var input = work.Generate(events);
        var contestants = new List<Contestant>();
        foreach (var (name, create) in LimitRun.Of(work))
            contestants.Add(new Contestant { Name = name, Run = () => LimitRun.Run(create, input), IsLimit = true });
        var others = work.Beside is null ? null : new BesideRun(Workload.Find(work.Beside)!, events);
        var beside = new List<Contestant>();
        foreach (var mode in modes)
        {
            contestants.Add(new Contestant { Name = mode.ToString(), Run = new EngineRun(work, input, mode).Run });
            if (others is not null)
                beside.Add(others.Contestant(mode));
        }

        var before = RoundTrip.MedianNanoseconds();
        Contestant.RunInTurns([.. contestants, .. beside], WarmUps, runs);
        var after = RoundTrip.MedianNanoseconds();
        var (compared, outside) = work.IsApproximate ? PercentileCheck.Run(work, input) : default;
        var report = ThroughputReport.Of(work, contestants, (before + after) / 2, compared, outside);
        return others is null ? report : report.WithBeside(work, beside, others.Agrees(beside));
    }

    private static int Run(string[] works, ExecutionMode[] modes, int events, int runs, bool json)
    {
        var reports = new List<ThroughputReport>();
        foreach (var name in works)
        {
            reports.Add(Measure(name, modes, events, runs));
            if (!json)
                Print(reports[^1]);
        }

        if (json)
            Console.WriteLine(JsonSerializer.Serialize(reports, ReportFormat.Indented));
        return reports.TrueForAll(report => report.ResultsAgree) ? 0 : 1;
    }

    private static void Print(ThroughputReport report)
    {
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{report.Work}: {report.Description}; {report.Events:N0} events, {report.Runs} runs, "
            + $"round trip {report.RoundTripNanoseconds:F0} ns"));
        foreach (var row in report.Rows)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"  {row.Name,-26} {row.MillionPerSecond,8:F1} M/s ({row.Slowest:F0} to {row.Fastest:F0})  "
                + $"{row.OfBestLimit,5:F2} x  {row.BytesPerEvent,6:F3} B/event  {row.Collections} collections  "
                + $"{row.Results:N0} results {row.Digest}"));
        }

        if (report.BesideText is { } beside)
            Console.WriteLine($"  {beside}");
        Console.WriteLine(report.ResultsAgree ? "  results agree" : "  RESULTS DIFFER");
    }
}
