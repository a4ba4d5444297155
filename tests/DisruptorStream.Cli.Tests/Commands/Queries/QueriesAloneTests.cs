using System.Globalization;
using System.Text;
using CsCheck;
using DisruptorStream.Cli.Jobs;

namespace DisruptorStream.Cli.Tests.Commands.Queries;

/// <summary>Queries that share one reading of the input give what each gives alone.</summary>
public sealed class QueriesAloneTests : IDisposable
{
    private static readonly string[] Windows =
        ["tumbling:10s", "tumbling:1m", "sliding:20s/5s", "sliding:5s/10s", "session:4s", "calendar:hour@Asia/Kolkata"];

    private static readonly string[] Keys = ["", "a", "b", "a, b", "b, a as x", "c", "@file"];

    // No top: which of equally frequent texts is first depends on the texts of all queries.
    private static readonly string[] Aggregates =
    [
        "count", "count, sum(v)", "min(v), max(v), first(v), last(w)", "distinct(a), distinct(b) as d",
        "arg_max(a, v), avg(w)", "p50(v), count, max(v) as m, m / count as share", "stddev(w)",
        "distinct(v), sum(rate)",
    ];

    private static readonly string[] Wheres = ["", "", "v > 3", "a = 'k1' or w is null", "not b like '%2'", "rate < 2"];

    private readonly CommandRun _run = new();

    [Fact]
    public void Run_RandomQueries_GiveWhatEachGivesAlone() => Gen.Int[0, int.MaxValue - 1].Sample(
        seed => CompareAsync(new Random(seed)).GetAwaiter().GetResult(), iter: 40, threads: 1);

    public void Dispose() => _run.Dispose();

    private async Task CompareAsync(Random random)
    {
        string[] inputs = [.. Enumerable.Range(0, random.Next(1, 3)).Select(
            file => _run.Write($"in{file}.csv", Lines(random)))];
        string[] common =
        [
            "run", .. inputs, "--time", "time", "--time-format", "unix-s", "--quiet", "--let", "rate = v / w",
            "--lateness", random.Next(2) == 0 ? "0s" : "7s", "--out-of-orderness", random.Next(2) == 0 ? "0s" : "5s",
        ];
        var queries = Enumerable.Range(0, random.Next(1, 7)).Select(_ => new[]
        {
            Keys[random.Next(Keys.Length)], Windows[random.Next(Windows.Length)],
            Aggregates[random.Next(Aggregates.Length)], Wheres[random.Next(Wheres.Length)],
        }).ToList();
        var together = queries.SelectMany((query, index) => new[]
        {
            "--query",
            $"q{index}: key={query[0]}; window={query[1]}; aggregate={query[2]}"
                + (query[3].Length > 0 ? $"; where={query[3]}" : "") + $"; output={_run.PathOf($"out{index}")}"
                + $"; late-output={_run.PathOf($"late{index}")}",
        });

        var code = await _run.RunAsAsync([.. common, .. together]);
        Assert.True(code == ExitCode.Success, _run.Error);
        for (var index = 0; index < queries.Count; index++)
        {
            var (query, late) = (queries[index], _run.PathOf("late"));
            string[] where = query[3].Length > 0 ? ["--where", query[3]] : [];
            Assert.Equal(ExitCode.Success, await _run.RunAsync(
            [
                .. common, "--key", query[0], "--window", query[1], "--aggregate", query[2], "--late-output", late,
                .. where,
            ]));

            // Which key is first among the rows of one moment depends on what came first, also of other queries.
            Assert.Equal(Sorted(_run.Text), Sorted(await File.ReadAllTextAsync(_run.PathOf($"out{index}"))));
            Assert.Equal(
                await File.ReadAllTextAsync(late), await File.ReadAllTextAsync(_run.PathOf($"late{index}")));
        }

        await CompareSharedAsync(common, [.. together], queries.Count);
    }

    /// <summary>In one output, each query has the rows that it has in an output of its own, in their order.</summary>
    private async Task CompareSharedAsync(string[] common, string[] together, int count)
    {
        var shared = together.Select(text => text.Split("; output=")[0]).ToArray();

        Assert.Equal(ExitCode.Success, await _run.RunAsync([.. common, .. shared, "--output-format", "ndjson"]));
        var text = _run.Text;
        Assert.Equal(ExitCode.Success, await _run.RunAsync([.. common, .. shared, "--output-format", "ndjson"]));
        Assert.Equal(text, _run.Text);
        for (var query = 0; query < count; query++)
        {
            var own = await File.ReadAllLinesAsync(_run.PathOf($"out{query}"));
            Assert.Equal(
                own.Length - 1,
                text.Split('\n').Count(line => line.StartsWith($"{{\"query\":\"q{query}\"", StringComparison.Ordinal)));
        }
    }

    private static string[] Sorted(string text) => [.. text.Split('\n').Order(StringComparer.Ordinal)];

    private static string Lines(Random random)
    {
        var text = new StringBuilder("time,a,b,c,v,w\n");
        var time = 0;
        for (var row = random.Next(60); row >= 0; row--)
        {
            time += random.Next(4);
            text.Append(CultureInfo.InvariantCulture, $"{Math.Max(0, time - random.Next(12))},k{random.Next(3)},")
                .Append(random.Next(4) == 0 ? "" : $"b{random.Next(3)}")
                .Append(CultureInfo.InvariantCulture, $",{random.Next(9)},{random.Next(-3, 9)},")
                .Append(random.Next(5) == 0 ? "" : random.Next(1, 5).ToString(CultureInfo.InvariantCulture))
                .Append('\n');
        }

        return text.ToString();
    }
}
