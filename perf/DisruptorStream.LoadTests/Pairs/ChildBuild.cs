using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using DisruptorStream.LoadTests.Measuring;

namespace DisruptorStream.LoadTests.Pairs;

/// <summary>A build that runs <c>throughput</c> in short processes: builds without an entry have it too.</summary>
internal sealed class ChildBuild : Build
{
    private const int RunsOfAProcess = 3;
    private const int EventsOfAQuestion = 10_000;
    private const string UnknownWorkload = "There is no workload";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly string _folder;

    public ChildBuild(string folder) => _folder = Path.GetFullPath(folder);

    /// <summary>Each process loads it anyway.</summary>
    public override int Loadings => 1;

    /// <summary>Each process warms up on its own; the first of each build finds its files in the memory.</summary>
    public override int WarmUps => 1;

    public override Func<PairRun>? Prepare(string work, ExecutionMode mode, int events)
    {
        var (exitCode, _, errors) = Start(work, mode, EventsOfAQuestion, runs: 1);
        return exitCode != 0 && errors.Contains(UnknownWorkload, StringComparison.Ordinal)
            ? null
            : () => Run(work, mode, events);
    }

    /// <summary>The median of the process's runs.</summary>
    private PairRun Run(string work, ExecutionMode mode, int events)
    {
        var (exitCode, output, errors) = Start(work, mode, events, RunsOfAProcess);
        if (exitCode != 0)
        {
            throw new InvalidOperationException(
                $"'throughput --work {work}' of the build in '{_folder}' ended with exit code {exitCode}"
                + (errors.Length > 0 ? $": {errors.Trim()}" : ": its results are not those of its own loops."));
        }

        using var reports = JsonDocument.Parse(output);
        var report = reports.RootElement[0];
        var row = report.GetProperty("rows").EnumerateArray()
            .First(row => row.GetProperty("name").GetString() == mode.ToString());
        var done = report.GetProperty("events").GetInt64();
        return new PairRun(
            done / (row.GetProperty("millionPerSecond").GetDouble() * 1e6),
            done,
            row.GetProperty("results").GetInt64(),
            ulong.Parse(
                row.GetProperty("digest").GetString()!, NumberStyles.HexNumber, CultureInfo.InvariantCulture),
            (long)Math.Round(row.GetProperty("bytesPerEvent").GetDouble() * done));
    }

    private (int ExitCode, string Output, string Errors) Start(string work, ExecutionMode mode, int events, int runs)
    {
        var command = ChildProcess.CommandOf(_folder);
        var start = new ProcessStartInfo(
            command[0],
            [
                .. command[1..], "throughput", "--work", work, "--mode", mode.ToString(), "--events", $"{events}",
                "--runs", $"{runs}", "--json",
            ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var child = Process.Start(start)!;
        return ChildProcess.Finish(child, Patience);
    }
}
