using System.CommandLine;
using DisruptorStream.Cli.Commands;
using DisruptorStream.Cli.Jobs;

namespace DisruptorStream.Cli.Tests.Output;

/// <summary>No output has two columns of one name.</summary>
public sealed class NameClashTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("dstream").FullName;
    private readonly StringWriter _error = new();

    [Theory]
    [InlineData("count as pane", "", "--aggregate count as pane", "            ^^^^^^^^^^^^^")]
    [InlineData("count, sum(v) as window_end", "", "--aggregate count, sum(v) as window_end", "^^^^^^^^^^^^^^^^^^^^")]
    [InlineData("count as host", "--key;host", "--aggregate count as host", "            ^^^^^^^^^^^^^")]
    [InlineData("count as h", "--key;host as h", "--aggregate count as h", "            ^^^^^^^^^^")]
    [InlineData("top(2, v) as t, count as t_2", "", "--aggregate top(2, v)", "^^^^^^^^^^^^")]
    [InlineData("count as file", "--key;@file", "--aggregate count as file", "^^^^^^^^^^^^^")]
    [InlineData("count", "--key;host,v,host", "--key host,v,host", "             ^^^^")]
    [InlineData("count", "--key;window_start", "--key window_start", "^^^^^^^^^^^^")]
    [InlineData("count", "--late-output;LATE;--key;reason", "--key reason", "^^^^^^")]
    [InlineData("count", "--late-output;LATE;--key;host as time", "--key host as time", "^^^^")]
    [InlineData("avg(reason)", "--late-output;LATE", "--aggregate avg(reason)", "                ^^^^^^")]
    public async Task Run_NamesThatClash_IsTwoAndPointsAtThem(
        string aggregates, string more, string shown, string carets)
    {
        Assert.Equal(ExitCode.Usage, await RunAsync(aggregates, more));
        var lines = _error.ToString().Split(Environment.NewLine);
        Assert.StartsWith($"  {shown}", lines[1], StringComparison.Ordinal);
        Assert.EndsWith(carets, lines[2], StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_folder, "out")));
    }

    [Fact]
    public async Task Run_ColumnsUsedTwice_AreShownOnce()
    {
        Assert.Equal(
            ExitCode.Success,
            await RunAsync("avg(v), max(time) as latest", "--late-output;LATE;--key;v, pane as stage;-q"));
        Assert.Equal(
            [
                "v,stage,window_start,window_end,pane,avg_v,latest",
                "7,p,1970-01-01T00:00:00Z,1970-01-01T00:00:10Z,on_time,7,1",
                "9,p,1970-01-01T00:00:30Z,1970-01-01T00:00:40Z,on_time,9,30",
            ],
            await File.ReadAllLinesAsync(Path.Combine(_folder, "out")));
        Assert.Equal(
            ["v,stage,time,reason", "8,p,1970-01-01T00:00:02Z,Late"],
            await File.ReadAllLinesAsync(Path.Combine(_folder, "late")));
    }

    [Fact]
    public async Task Run_AWindowThatEndsAfterTheYear9999_IsTextInJson()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "in.csv"), "time\n9999-12-31T12:00:00Z\n");

        Assert.Equal(
            ExitCode.Success,
            await RunAsync("count", "-q;--output-format;ndjson;--window;tumbling:1d;--time-format;iso"));
        Assert.Equal(
            "{\"window_start\":\"9999-12-31T00:00:00Z\",\"window_end\":\"+010000-01-01T00:00:00Z\","
            + "\"pane\":\"on_time\","
                + "\"count\":1}",
            (await File.ReadAllTextAsync(Path.Combine(_folder, "out"))).Trim());
    }

    public void Dispose()
    {
        _error.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<int> RunAsync(string aggregates, string more)
    {
        var file = Path.Combine(_folder, "in.csv");
        if (!File.Exists(file))
        {
            await File.WriteAllTextAsync(
                file, "time,host,v,reason,pane,window_start\n1,a,7,1,p,x\n30,a,9,1,p,x\n2,a,8,1,p,x\n");
        }

        List<string> arguments =
        [
            "run", file, "--time", "time", "--aggregate", aggregates, "--output", Path.Combine(_folder, "out"),
            .. more.Replace("LATE", Path.Combine(_folder, "late"), StringComparison.Ordinal)
                .Split(';', StringSplitOptions.RemoveEmptyEntries),
        ];
        if (!arguments.Contains("--window"))
            arguments.AddRange(["--window", "tumbling:10s", "--time-format", "unix-s"]);
        return await CommandLine.RunAsync(arguments, new InvocationConfiguration { Error = _error });
    }
}
