using DisruptorStream.Cli.Tests.Commands;
using DisruptorStream.Durability.Recording;
using DisruptorStream.Emission;

namespace DisruptorStream.Cli.Tests.State;

/// <summary>Which keys <c>dstream replay --state</c> finds, and how it says that one is not there.</summary>
public sealed class ReplayKeysTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("replay-").FullName;

    private string Output => Path.Combine(_directory, "out.csv");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task State_KeyThatIsNotThere_NamesTheNearest()
    {
        var dump = await DumpAsync("web-1", "web-2", "db-1", "cache");
        using var run = new CommandRun();

        Assert.Equal(2, await run.RunAsAsync(["replay", dump, "--state", "web-3", "--output", Output]));

        Assert.Contains(
            "; 4 have open windows there", run.Error, StringComparison.Ordinal);
        Assert.Contains("'web-1', 'web-2', 'db-1'", run.Error, StringComparison.Ordinal);
        Assert.False(File.Exists(Output));
    }

    /// <summary>The key is known; that nothing of it is open is no error.</summary>
    [Fact]
    public async Task State_KeyWhoseWindowsHaveFired_SaysSo()
    {
        var dump = await DumpAsync("a", null, "b");
        using var run = new CommandRun();

        Assert.Equal(0, await run.RunAsAsync(["replay", dump, "--state", "a", "--output", Output]));

        Assert.Contains("The key 'a' has no open window behind slot", run.Error, StringComparison.Ordinal);
        Assert.Single(await File.ReadAllLinesAsync(Output, TestContext.Current.CancellationToken));
    }

    /// <summary>As the rows of the results have it, so that it can be copied from there.</summary>
    [Theory]
    [InlineData("web-1,eu", "web-1\u001feu")]
    [InlineData("\"a, b\",eu", "a, b\u001feu")]
    [InlineData("\"a \"\"b\"\"\",eu", "a \"b\"\u001feu")]
    public async Task State_KeyOfSeveralColumns_IsARowOfCsv(string typed, string key)
    {
        var dump = await DumpAsync("other\u001feu", key);
        using var run = new CommandRun();

        Assert.Equal(0, await run.RunAsAsync(
            ["replay", dump, "--key", "host,region", "--state", typed, "--output", Output]));

        var lines = await File.ReadAllLinesAsync(Output, TestContext.Current.CancellationToken);
        Assert.Equal(2, lines.Length);
        Assert.StartsWith(typed + ",", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task State_KeyOfSeveralColumns_WrongOnesAreNamed()
    {
        var dump = await DumpAsync("web-1\u001feu", "a, b\u001feu");
        using var few = new CommandRun();
        Assert.Equal(2, await few.RunAsAsync(
            ["replay", dump, "--key", "host,region", "--state", "web-1", "--output", Output]));
        Assert.Contains("The key has 2 columns, and this has 1", few.Error, StringComparison.Ordinal);

        using var open = new CommandRun();
        Assert.Equal(2, await open.RunAsAsync(
            ["replay", dump, "--key", "host,region", "--state", "\"web-1,eu", "--output", Output]));
        Assert.Contains("The quotes are not closed", open.Error, StringComparison.Ordinal);

        using var absent = new CommandRun();
        Assert.Equal(2, await absent.RunAsAsync(
            ["replay", dump, "--key", "host,region", "--state", "web-1,us", "--output", Output]));
        Assert.Contains("nearest by text: 'web-1,eu', '\"a, b\",eu'", absent.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_State_SaysHowAKeyOfSeveralColumnsIsWritten()
    {
        using var run = new CommandRun();

        Assert.Equal(0, await run.RunAsAsync(["replay", "--help"]));

        Assert.Contains("--state web-1,eu", run.Error, StringComparison.Ordinal);
    }

    /// <summary>Keys that a job cannot have are told, whatever hides them.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Replay_KeysThatAreTuples_AreRefused(bool hashes)
    {
        FlightDump dump;
        await using (var processor = StreamProcessorBuilder.ForKeys<(string, int)>()
            .TumblingWindows(TimeSpan.FromSeconds(1))
            .Aggregate(a => a.Count("count"))
            .WithOptions(new StreamProcessorOptions { Mode = ExecutionMode.Inline, FutureSkewLimit = null })
            .To(new Nowhere<(string, int)>())
            .RecordTo(_directory, new FlightRecorderOptions { HashKeys = hashes })
            .Build())
        {
            processor.Publish(("jane", 1), 1, 5);
            dump = processor.FlightRecorder!.Dump();
        }

        using var run = new CommandRun();
        Assert.Equal(1, await run.RunAsAsync(["replay", dump.Directory, "--output", Output]));

        Assert.Contains("dstream knows texts alone", Assert.Single(run.ErrorLines), StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
    }

    /// <summary>An event of each key in the first second; behind a null in the next one.</summary>
    private async Task<string> DumpAsync(params string?[] keys)
    {
        await using var processor = StreamProcessorBuilder.ForKeys<string>()
            .TumblingWindows(TimeSpan.FromSeconds(1))
            .AllowedLateness(TimeSpan.Zero)
            .Aggregate(a => a.Count("count"))
            .WithOptions(new StreamProcessorOptions { Mode = ExecutionMode.Inline, FutureSkewLimit = null })
            .To(new Nowhere<string>())
            .RecordTo(_directory)
            .Build();
        var start = 1L;
        foreach (var key in keys)
        {
            if (key is null)
                start += TimeSpan.TicksPerSecond;
            else
                processor.Publish(key, start, 1);
        }

        return processor.FlightRecorder!.Dump().Directory;
    }

    private sealed class Nowhere<TKey> : IResultSink<TKey>
    {
        public void OnResults(ResultBatch<TKey> batch)
        {
        }
    }
}
