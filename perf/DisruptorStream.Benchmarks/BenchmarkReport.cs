using System.Diagnostics;
using System.Globalization;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using Perfolizer.Horology;

namespace DisruptorStream.Benchmarks;

/// <summary>Runs the benchmarks in short jobs and writes one file with a table for each class.</summary>
internal static class BenchmarkReport
{
    private const int IterationMilliseconds = 200;

    /// <param name="path">The file.</param>
    /// <param name="classes">Names of classes; all when there are none.</param>
    /// <returns>The exit code: 1 when a benchmark failed.</returns>
    public static int Write(string path, IReadOnlyList<string> classes)
    {
        Type[] types =
        [
            .. typeof(BenchmarkReport).Assembly.GetTypes()
                .Where(type => type.IsDefined(typeof(MemoryDiagnoserAttribute), inherit: false))
                .Where(type => classes.Count == 0 || classes.Contains(type.Name))
                .OrderBy(type => type.Name, StringComparer.Ordinal),
        ];
        var job = Job.ShortRun.WithIterationTime(TimeInterval.FromMilliseconds(IterationMilliseconds));
        var summaries = BenchmarkRunner.Run(types, DefaultConfig.Instance.AddJob(job));
        using var text = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        text.WriteLine("# Benchmarks of the hot types");
        text.WriteLine();
        text.WriteLine("Written by `dotnet run -c Release --project perf/DisruptorStream.Benchmarks -- report`, commit "
            + $"{Commit()}. Short jobs: three iterations of {IterationMilliseconds} ms.");
        for (var index = 0; index < summaries.Length; index++)
            Write(text, summaries[index], withHost: index == 0);
        File.WriteAllText(path, text.ToString());
        Console.WriteLine($"wrote {path}");
        return summaries.Length == types.Length && Array.TrueForAll(summaries, HasAllResults) ? 0 : 1;
    }

    /// <summary>The machine and the runtime, which are the same for all, and the table.</summary>
    private static void Write(StringWriter text, Summary summary, bool withHost)
    {
        var output = new AccumulationLogger();
        MarkdownExporter.GitHub.ExportToLog(summary, output);
        var lines = output.GetLog().ReplaceLineEndings("\n").Trim().Split('\n');
        var table = Array.FindIndex(lines, line => line.StartsWith('|'));
        text.WriteLine();
        if (withHost)
        {
            foreach (var line in lines.Take(table))
                text.WriteLine(line.TrimEnd());
            text.WriteLine();
        }

        text.WriteLine($"## {summary.BenchmarksCases[0].Descriptor.Type.Name}");
        text.WriteLine();
        foreach (var line in lines.Skip(table))
            text.WriteLine(line.TrimEnd());
    }

    private static bool HasAllResults(Summary summary) =>
        !summary.HasCriticalValidationErrors
        && summary.Reports.Length == summary.BenchmarksCases.Length
        && summary.Reports.All(report => report.Success);

    private static string Commit()
    {
        using var git = Process.Start(new ProcessStartInfo("git", "rev-parse --short HEAD")
        {
            RedirectStandardOutput = true,
        });
        return git!.StandardOutput.ReadToEnd().Trim();
    }
}
