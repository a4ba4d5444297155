namespace DisruptorStream.Cli.Tests.Commands;

/// <summary>Why rows are in no result: at the end of a run, and as a command of its own.</summary>
public sealed class WhyCommandTests
{
    private static string OneClockAhead
    {
        get
        {
            var lines = new List<string> { "time,sensor,value" };
            for (var second = 0; second < 60; second++)
            {
                lines.Add($"{second},s{second % 7},1");
                if (second == 30)
                    lines.Add("3600,s9,1");
            }

            return string.Join('\n', lines);
        }
    }

    [Fact]
    public async Task Run_OneClockIsAhead_NamesTheRowAndWhatWouldHaveSavedTheOthers()
    {
        using var run = new CommandRun();
        Assert.Equal(0, await run.AggregateAsync(run.Write("in.csv", OneClockAhead), "count"));
        Assert.Contains(
            run.ErrorLines, line => line.StartsWith("29 events dropped: they came too late", StringComparison.Ordinal));
        Assert.Contains(run.ErrorLines, line => line.StartsWith(
            "29 of them came after the event of 1970-01-01 01:00:00 of source ", StringComparison.Ordinal));
        Assert.Contains(
            "--lateness 3561s would have saved them, and --jump-guard 30s would have held that one", run.ErrorLines);
    }

    /// <summary>Most rows are late, and the one that ran ahead is why.</summary>
    [Fact]
    public async Task Run_OneClockIsAheadEarly_DoesNotTakeTheInputForNewestFirst()
    {
        var lines = OneClockAhead.Split('\n').ToList();
        lines.Remove("3600,s9,1");
        lines.Insert(20, "3600,s9,1");
        using var run = new CommandRun();
        Assert.Equal(0, await run.AggregateAsync(run.Write("in.csv", string.Join('\n', lines)), "count"));
        Assert.Contains(run.ErrorLines, line => line.EndsWith("would have held that one", StringComparison.Ordinal));
        Assert.DoesNotContain(run.ErrorLines, line => line.Contains("newest first", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_RowsAreOutOfOrder_SaysWhichOutOfOrdernessIsEnough()
    {
        var times = Enumerable.Range(0, 2_000).Select(second => second % 100 == 99 ? second - 25 : second);
        using var run = new CommandRun();
        var file = run.Write("in.csv", "time,value\n" + string.Join('\n', times.Select(time => $"{time},1")));

        Assert.Equal(0, await run.AggregateAsync(file, "count"));

        Assert.Contains("--out-of-orderness 24s is enough for 99.9 % of them", run.ErrorLines);
        Assert.Contains(run.ErrorLines, line => line.EndsWith(
            " 99 % of the events are at most 0 s late, 99.9 % 24 s, all 24 s (2,000 measured)",
            StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_WithTheProposedLateness_LosesNothing()
    {
        using var run = new CommandRun();
        Assert.Equal(
            0, await run.AggregateAsync(run.Write("in.csv", OneClockAhead), "count", "--lateness", "3561s"));
        Assert.DoesNotContain(run.ErrorLines, line => line.Contains("dropped", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_NothingCameOut_SaysWhy()
    {
        using var run = new CommandRun();
        Assert.Equal(0, await run.AggregateAsync(
            run.Write("in.csv", "time,value\n1,1\n2,2"), "count", "--where", "value > 5"));
        Assert.Contains("no result: no row passed", run.ErrorLines);
    }

    [Fact]
    public async Task Why_SomeWindowsAreOpen_SaysForWhatTheyWaited()
    {
        using var run = new CommandRun();
        Assert.Equal(0, await run.RunAsAsync(
        [
            "why", run.Write("in.csv", "time,value\n1,1\n2,2\n3,3"), "--time", "time", "--time-format", "unix-s",
            "--window", "tumbling:10s", "--aggregate", "count",
        ]));
        Assert.Contains(
            "before the end of the input 1 window is open until 1970-01-01 00:00:10, and the watermark is 1970-01-01 "
            + "00:00:03, held by ",
            run.Text + run.Error,
            StringComparison.Ordinal);
    }
}
