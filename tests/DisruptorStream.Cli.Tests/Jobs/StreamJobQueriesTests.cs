using System.Text;
using DisruptorStream.Cli.Aggregates;
using DisruptorStream.Cli.Input;
using DisruptorStream.Cli.Input.Derived;
using DisruptorStream.Cli.Input.Values;
using DisruptorStream.Cli.Jobs;
using DisruptorStream.Cli.Jobs.Queries;
using DisruptorStream.Cli.Tests.Input;
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
}
