using System.Text;
using DisruptorStream.Cli.Aggregates;
using DisruptorStream.Cli.Input;
using DisruptorStream.Cli.Input.Values;
using DisruptorStream.Cli.Jobs;
using DisruptorStream.Cli.Jobs.Queries;
using DisruptorStream.Windows.Texts;

namespace DisruptorStream.Cli.Tests.Jobs;

/// <summary>A job on texts or files, with what it wrote.</summary>
internal sealed record Job(JobSummary Summary, string[] Output, string[] Late, string Report)
{
    public static JobSettings Settings(
        string window,
        string aggregates,
        string time = "time",
        TimeFormat timeFormat = TimeFormat.UnixSeconds,
        string[]? keys = null,
        InputFormat format = InputFormat.Csv)
    {
        var list = AggregateList.Parse(aggregates);
        return new JobSettings
        {
            Layout = new EventLayout(format, time, timeFormat, timeFormat.ToString(), keys ?? [], list.Measures),
            Queries = [new QuerySettings { Window = WindowSpec.Parse(window), Aggregates = list }],
        };
    }

    public static Task<Job> RunAsync(JobSettings settings, params string[] inputs) => RunAsync(
        settings,
        [.. inputs.Select(
            (text, index) => new JobInput($"input {index}", new MemoryStream(Encoding.UTF8.GetBytes(text))))]);

    public static Task<Job> RunFilesAsync(JobSettings settings, params IEnumerable<string> paths) =>
        RunAsync(settings, [.. paths.Select(path => new JobInput(path, File.OpenRead(path)))]);

    public static async Task<Job> RunAsync(JobSettings settings, IReadOnlyList<JobInput> inputs)
    {
        using var output = new MemoryStream();
        using var late = new MemoryStream();
        await using var report = new StringWriter();
        var summary = await StreamJob.RunAsync(
            settings, inputs, output, late, report, new JobProgress(), CancellationToken.None);
        return new Job(summary, Lines(output), Lines(late), report.ToString());
    }

    private static string[] Lines(MemoryStream stream) =>
        Encoding.UTF8.GetString(stream.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
