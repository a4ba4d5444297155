using DisruptorStream.Cli.Input.Values;
using DisruptorStream.Cli.Jobs;
using DisruptorStream.Cli.Tests.Jobs;

namespace DisruptorStream.Cli.Tests.RealData;

/// <summary>On real data, <c>dstream run</c> gives what a naive computation gives: every pane, every drop.</summary>
public sealed class RealDataTests
{
    private static readonly TimeSpan SixHours = TimeSpan.FromHours(6);

    [Fact]
    public async Task LlmCalls_TumblingOneMinute_EqualTheNaiveComputation()
    {
        var path = DataFolder.Require("azure-llm-2023", "AzureLLMInferenceTrace_code.csv");
        var minute = TimeSpan.FromMinutes(1);

        var job = await Job.RunFilesAsync(LlmCalls("tumbling:1m"), path);

        AssertEqual(NaiveWindows.Sliding(minute, minute, LlmRows(path)), job, hasKey: false);
        Assert.Equal(8_819, job.Summary.Stats.EventsProcessed);
    }

    [Fact]
    public async Task LlmCalls_SlidingFiveMinutesEveryTenSeconds_EqualTheNaiveComputation()
    {
        var path = DataFolder.Require("azure-llm-2023", "AzureLLMInferenceTrace_code.csv");

        var job = await Job.RunFilesAsync(LlmCalls("sliding:5m/10s"), path);

        AssertEqual(
            NaiveWindows.Sliding(TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(10), LlmRows(path)), job, hasKey: false);
    }

    [Fact]
    public async Task LlmCalls_SessionsOfTwoSeconds_EqualTheNaiveComputation()
    {
        var path = DataFolder.Require("azure-llm-2023", "AzureLLMInferenceTrace_code.csv");

        var job = await Job.RunFilesAsync(LlmCalls("session:2s"), path);

        AssertEqual(NaiveWindows.Session(TimeSpan.FromSeconds(2), LlmRows(path)), job, hasKey: false);
    }

    [Theory]
    [InlineData("time", 0, 10_080)]
    [InlineData("time", 40, 0)]
    [InlineData("time", 10, null)]
    [InlineData("updated", 0, null)]
    [InlineData("updated", 40, null)]
    public async Task Quakes_NewestFirst_EqualTheNaiveComputation(string time, int latenessDays, int? dropped)
    {
        var path = DataFolder.Require("usgs-quakes", "all_month_2022.csv");
        var lateness = TimeSpan.FromDays(latenessDays);
        var settings = Job.Settings("tumbling:6h", "count, sum(mag), max(mag)", time, TimeFormat.Iso, ["net"]) with
        {
            Lateness = lateness,
        };

        var job = await Job.RunFilesAsync(settings, path);

        var naive = NaiveWindows.Sliding(SixHours, SixHours, CsvRows.Read(path, "net", time, "mag"), lateness);
        AssertEqual(naive, job, hasKey: true);
        if (dropped is { } expected)
            Assert.Equal(expected, job.Summary.Stats.LateDropped);
    }

    [Fact]
    public async Task Machines_OneFileEach_EqualTheNaiveComputation()
    {
        var folder = DataFolder.Require("nab", "data");
        var files = Directory.EnumerateFiles(folder, "*.csv", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)
            .ToList();
        var settings = Job.Settings(
            "tumbling:6h", "count, sum(value), max(value)", "timestamp", TimeFormat.Iso, ["@file"]);

        var job = await Job.RunFilesAsync(settings, files);

        // Each file is in order, and they are merged by time: what one does is not late because of another.
        var panes = new List<NaivePane>();
        var dropped = 0L;
        foreach (var file in files)
        {
            var rows = CsvRows.Read(file, null, "timestamp", "value").Select(
                row => row with { Key = Path.GetFileName(file) });
            var naive = NaiveWindows.Sliding(SixHours, SixHours, rows);
            panes.AddRange(naive.Panes);
            dropped += naive.Dropped;
        }

        Assert.True(files.Count > 1);
        Assert.Equal(
            panes.Select(pane => pane.ToCsv(hasKey: true)).Order(StringComparer.Ordinal),
            job.Output.Skip(1).Order(StringComparer.Ordinal));
        Assert.Equal(dropped, job.Summary.Stats.LateDropped);
    }

    private static JobSettings LlmCalls(string window) =>
        Job.Settings(window, "count, sum(ContextTokens), max(ContextTokens)", "TIMESTAMP", TimeFormat.Iso);

    private static IEnumerable<NaiveRow> LlmRows(string path) => CsvRows.Read(path, null, "TIMESTAMP", "ContextTokens");

    /// <summary>The same rows; which is first among those of one moment is the engine's business.</summary>
    private static void AssertEqual(NaiveWindows naive, Job job, bool hasKey)
    {
        Assert.Equal(
            naive.Panes.Select(pane => pane.ToCsv(hasKey)).Order(StringComparer.Ordinal),
            job.Output.Skip(1).Order(StringComparer.Ordinal));
        Assert.Equal(naive.Dropped, job.Summary.Stats.LateDropped);
        Assert.Equal(naive.Dropped, job.Late.Length - 1);
        Assert.Equal(0, job.Summary.BadLines);
    }
}
