using System.Text;
using DisruptorStream.Cli.Aggregates;
using DisruptorStream.Cli.Input;
using DisruptorStream.Cli.Input.Derived;
using DisruptorStream.Cli.Input.Values;
using DisruptorStream.Cli.Jobs;
using DisruptorStream.Cli.Jobs.Queries;
using DisruptorStream.Cli.Tests.Input;
using DisruptorStream.Events;
using DisruptorStream.Watermarks;
using DisruptorStream.Windows.Texts;

namespace DisruptorStream.Cli.Tests.Jobs;

/// <summary>Jobs with several queries.</summary>
public sealed class StreamJobQueriesTests
{
    private static readonly string[] Keys = ["k", "v", "k"];

    /// <summary>A stream that can be read forwards only, and says how much of it was.</summary>
    [Fact]
    public async Task RunAsync_ThreeQueries_ReadTheInputOnce()
    {
        var text = Encoding.UTF8.GetBytes("time,k,v\n1,a,1\n2,b,2\n30,a,3\n");
        var progress = new JobProgress();
        var list = AggregateList.Parse("count, sum(v)");
        var query = new QuerySettings { Window = WindowSpec.Parse("tumbling:10s"), Aggregates = list };
        var settings = new JobSettings
        {
            Layout = new EventLayout(
                InputFormat.Csv,
                "time",
                TimeFormat.UnixSeconds,
                "unix-s",
                [.. Keys.Select(key => new RowQuery([key], [key], 0, list.Measures))],
                list.Measures,
                new RowExpressions()),
            Queries = [query with { Name = "a" }, query with { Name = "b" }, query with { Name = "c" }],
        };
        using var output = new MemoryStream();

        var summary = await StreamJob.RunAsync(
            settings,
            [new JobInput("in", new UnevenStream(text, seed: 1, mostBytes: 7))],
            [new QueryStreams(output, null), new QueryStreams(output, null), new QueryStreams(output, null)],
            TextWriter.Null,
            progress,
            TestContext.Current.CancellationToken);

        Assert.Equal(text.Length, progress.ReadBytes);
        Assert.Equal([3, 3, 3], summary.Queries.Select(one => one.Stats.EventsProcessed));
        Assert.Equal([2, 3, 2], summary.Queries.Select(one => one.Stats.Keys));
        Assert.Equal(3, summary.Lines.Events);
    }

    /// <summary>Each key goes by its own time, so that one clock that is ahead makes no other key late.</summary>
    [Theory]
    [InlineData(false, 2)]
    [InlineData(true, 0)]
    public async Task RunAsync_KeysWithTimesOfTheirOwn_AreNotLateForOthers(bool perKey, long late)
    {
        var job = await RunAsync(
            settings => settings with { KeyTime = perKey ? TimeSpan.FromSeconds(2) : null },
            "time,k,v\n1,a,1\n3600,b,2\n12,a,3\n11,a,4\n3601,b,5\n");

        Assert.Equal([late, late], job.Summary.Queries.Select(one => one.Stats.LateDropped));
        Assert.Equal(perKey ? 3 : 2, job.Lines.Count(line => line.StartsWith("one,", StringComparison.Ordinal)));
        Assert.Equal(perKey ? 3 : 2, job.Lines.Count(line => line.StartsWith("two,", StringComparison.Ordinal)));
    }

    /// <summary>The guard decides for all queries.</summary>
    [Fact]
    public async Task RunAsync_JumpGuard_RefusesTheClockThatIsAheadForAllQueries()
    {
        var job = await RunAsync(
            settings => settings with
            {
                JumpGuard = new JumpGuardOptions(TimeSpan.FromSeconds(60)) { Keys = 2 },
            },
            "time,k,v\n1,a,1\n1,b,1\n3600,b,2\n12,a,3\n11,a,4\n13,b,5\n");

        Assert.Equal([1, 1], job.Summary.Queries.Select(one => one.Stats.DroppedBy(DropReason.TimestampJump)));
        Assert.Equal([1, 1], job.Summary.Queries.Select(one => one.Stats.EventsDropped));
    }

    private static async Task<(JobSummary Summary, string[] Lines)> RunAsync(
        Func<JobSettings, JobSettings> change, string text)
    {
        var list = AggregateList.Parse("count, sum(v)");
        var query = new QuerySettings { Window = WindowSpec.Parse("tumbling:10s"), Aggregates = list };
        var settings = change(new JobSettings
        {
            Layout = new EventLayout(
                InputFormat.Csv,
                "time",
                TimeFormat.UnixSeconds,
                "unix-s",
                [new RowQuery(["k"], ["k"], 0, list.Measures), new RowQuery(["k"], ["k"], 0, list.Measures)],
                list.Measures,
                new RowExpressions()),
            Queries = [query with { Name = "one" }, query with { Name = "two" }],
        });
        using var output = new MemoryStream();
        var summary = await StreamJob.RunAsync(
            settings,
            [new JobInput("in", new MemoryStream(Encoding.UTF8.GetBytes(text)))],
            [new QueryStreams(output, null), new QueryStreams(output, null)],
            TextWriter.Null,
            new JobProgress(),
            TestContext.Current.CancellationToken);
        return (summary, Encoding.UTF8.GetString(output.ToArray()).Split('\n'));
    }
}
