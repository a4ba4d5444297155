using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using DisruptorStream.LoadTests.Latencies;
using DisruptorStream.LoadTests.Measuring;
using DisruptorStream.LoadTests.Plots;
using DisruptorStream.LoadTests.Queries;
using DisruptorStream.LoadTests.Workloads;
using DisruptorStream.Rings;

namespace DisruptorStream.LoadTests.Commands;

/// <summary>Runs everything and writes the tables and pictures.</summary>
internal static class ReportCommand
{
    public static Command Create()
    {
        var folder = new Option<string>("--folder")
        {
            Description = "Where README.md and the pictures go.",
            DefaultValueFactory = _ => "perf/results",
        };
        var command = new Command("report", "Runs all workloads and writes tables and pictures, in about 6 minutes.")
        {
            folder,
        };
        command.SetAction((parsed, _) => RunAsync(parsed.GetValue(folder)!));
        return command;
    }

    private static async Task<int> RunAsync(string folder)
    {
        Directory.CreateDirectory(folder);
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        text.WriteLine("# Results of the last full run");
        text.WriteLine();
        text.WriteLine("Written by `dotnet run -c Release --project perf/DisruptorStream.LoadTests -- report`.");
        text.WriteLine();
        text.WriteLine($"- Machine: {Machine()}");
        text.WriteLine($"- Runtime: {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription}");
        text.WriteLine($"- Commit: {Commit()}");
        text.WriteLine();
        var agree = WriteThroughput(text, folder);
        await WriteLatencyAsync(text, folder);
        WriteScale(text, folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "README.md"), text.ToString());
        Console.WriteLine($"wrote {Path.Combine(folder, "README.md")}");
        return agree ? 0 : 1;
    }

    private static bool WriteThroughput(TextWriter text, string folder)
    {
        var reports = new List<ThroughputReport>();
        foreach (var work in Workload.All)
        {
            reports.Add(ThroughputCommand.Measure(
                work,
                [ExecutionMode.Inline, ExecutionMode.Fused],
                events: work.IsSlow ? 1_000_000 : 10_000_000,
                runs: work.IsSlow ? 3 : 5));
            Console.WriteLine($"{work.Name} done");
        }

        foreach (var name in Query.Names)
        {
            reports.Add(ThroughputCommand.Measure(
                name, [ExecutionMode.Inline, ExecutionMode.Fused], events: 4_000_000, runs: 3));
            Console.WriteLine($"{name} done");
        }

        Charts.Throughput(Path.Combine(folder, "throughput.png"), [.. reports.Where(
            report => report.Work[0] == 'W' && !report.Work.Contains('-', StringComparison.Ordinal))]);
        text.WriteLine("## Throughput");
        text.WriteLine();
        text.WriteLine(
            "Medians of 5 runs in turns, 10 M events each (YSB and NEXMark 3 runs of 4 M, slow workloads 3 of 1 M), "
            + "results compared by digest.");
        text.WriteLine();
        text.WriteLine("![Million events per second](throughput.png)");
        foreach (var report in reports)
            WriteTable(text, report);
        return reports.TrueForAll(report => report.ResultsAgree);
    }

    private static void WriteTable(TextWriter text, ThroughputReport report)
    {
        text.WriteLine();
        text.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"**{report.Work}**: {report.Description}. {report.Events / 1e6:F0} M events. "
            + $"Round trip between the cores {report.RoundTripNanoseconds:F0} ns. "
            + $"{(report.ResultsAgree ? "Results agree." : "RESULTS DIFFER.")}"));
        text.WriteLine();
        text.WriteLine("| | M events/s | slowest to fastest | of the best loop | B/event | collections |");
        text.WriteLine("|---|---:|---:|---:|---:|---:|");
        foreach (var row in report.Rows)
        {
            text.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {row.Name} | {row.MillionPerSecond:F1} | {row.Slowest:F0} to {row.Fastest:F0} | "
                + $"{row.OfBestLimit:F2} | {row.BytesPerEvent:F2} | {row.Collections} |"));
        }

        if (report.BesideText is { } beside)
        {
            text.WriteLine();
            text.WriteLine($"{char.ToUpperInvariant(beside[0])}{beside[1..]}.");
        }
    }

    private static async Task WriteLatencyAsync(TextWriter text, string folder)
    {
        const int Rate = 1_000_000;
        var (report, engine, bare) = LatencyReport.Measure(
            Rate, TimeSpan.FromSeconds(30), WaitStrategyKind.Adaptive);
        Charts.Latency(Path.Combine(folder, "latency.png"), engine, bare);
        text.WriteLine();
        text.WriteLine("## Latency");
        text.WriteLine();
        text.WriteLine(
            "Open loop at 1 M events/s, Fused, adaptive waiting, one result per firing, from the due time of the "
            + "closing event to its result in the sink; beside it a bare probe on the same schedule, second by second "
            + "in turns.");
        text.WriteLine();
        text.WriteLine("![Latency by percentile](latency.png)");
        text.WriteLine();
        text.WriteLine("| percentile | engine, µs | bare probe, µs |");
        text.WriteLine("|---:|---:|---:|");
        foreach (var row in report.Rows)
        {
            text.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {row.Percentile} | {row.EngineMicroseconds:F2} | {row.ProbeMicroseconds:F2} |"));
        }

        Console.WriteLine("latency done");
    }

    private static void WriteScale(TextWriter text, string folder)
    {
        text.WriteLine();
        text.WriteLine("## Scale");
        foreach (var (what, sizes) in new (string, long[])[]
        {
            ("--keys", [1, 100, 10_000, 1_000_000]),
            ("--slide-ratio", [1, 60, 3600]),
            ("--shards", [1, 2]),
            ("--producers", [1, 2, 4]),
        })
        {
            text.WriteLine();
            text.WriteLine("```text");
            var points = ScaleCommand.Measure(what, sizes, 5_000_000, runs: 3, text);
            text.WriteLine("```");
            if (what is not ("--keys" or "--slide-ratio"))
                continue;
            var name = what.TrimStart('-');
            Charts.Scale(Path.Combine(folder, $"{name}.png"), name, points);
            text.WriteLine();
            text.WriteLine($"![Nanoseconds per event by {name}]({name}.png)");
        }

        Console.WriteLine("scale done");
    }

    private static string Machine()
    {
        const string CpuInfo = "/proc/cpuinfo";
        var model = File.Exists(CpuInfo)
            ? File.ReadLines(CpuInfo).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))
            : null;
        return $"{model?.Split(':')[^1].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString()}, "
            + $"{Environment.ProcessorCount} processors";
    }

    private static string Commit()
    {
        using var git = Process.Start(new ProcessStartInfo("git", "rev-parse --short HEAD")
        {
            RedirectStandardOutput = true,
        });
        return git!.StandardOutput.ReadToEnd().Trim();
    }
}
