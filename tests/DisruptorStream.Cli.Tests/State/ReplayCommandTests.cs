using DisruptorStream.Building;
using DisruptorStream.Building.Replays;
using DisruptorStream.Cli.Tests.Commands;
using DisruptorStream.Durability;

namespace DisruptorStream.Cli.Tests.State;

/// <summary>What <c>dstream replay</c> makes of the directory of a durable processor.</summary>
public sealed class ReplayCommandTests : IDisposable
{
    private static readonly string[] Job =
        ["--time", "time", "--window", "tumbling:1s", "--aggregate", "count, sum(cost)", "--key", "user"];

    private readonly string _directory = Directory.CreateTempSubdirectory("replay-").FullName;

    private string State => Path.Combine(_directory, "state");

    private string Output => Path.Combine(_directory, "out.csv");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Replay_OfAJob_WritesTheResults()
    {
        await RecordAsync();
        using var run = new CommandRun();

        var code = await run.RunAsAsync(["replay", State, .. Job, "--output", Output]);
        Assert.True(code == 0, run.Error);

        var lines = await File.ReadAllLinesAsync(Output, TestContext.Current.CancellationToken);
        Assert.Equal(3, lines.Length);
        Assert.Contains("a,", lines[1], StringComparison.Ordinal);
        Assert.Contains("query 'default': results 1 to 2", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replay_StateOfAKey_ShowsItsOpenWindows()
    {
        await RecordAsync();
        using var run = new CommandRun();

        Assert.Equal(0, await run.RunAsAsync(["replay", State, .. Job, "--output", Output, "--state", "b"]));

        var lines = await File.ReadAllLinesAsync(Output, TestContext.Current.CancellationToken);
        Assert.Equal(2, lines.Length);
        Assert.StartsWith("b,", lines[1], StringComparison.Ordinal);
        Assert.Contains(",1,7", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replay_AnotherPlanOrNothing_SaysSo()
    {
        await RecordAsync();
        using var other = new CommandRun();
        Assert.Equal(1, await other.RunAsAsync(
            ["replay", State, "--time", "t", "--window", "tumbling:2s", "--aggregate", "count", "--output", Output]));
        Assert.Contains("The processor's plan is not the one in", other.ErrorLines[0], StringComparison.Ordinal);

        using var nowhere = new CommandRun();
        Assert.Equal(1, await nowhere.RunAsAsync(["replay", Path.Combine(_directory, "none"), .. Job]));
        Assert.Contains("There is no directory", nowhere.ErrorLines[0], StringComparison.Ordinal);

        using var negative = new CommandRun();
        Assert.Equal(2, await negative.RunAsAsync(["replay", State, .. Job, "--until", "-1"]));
    }

    [Fact]
    public async Task EmitTest_WritesATestAndItsRecording()
    {
        await RecordAsync();
        var file = Path.Combine(_directory, "Fault1.cs");
        using var run = new CommandRun();

        Assert.Equal(0, await run.RunAsAsync(
            ["replay", State, "--emit-test", file, "--builder", "Pipelines.Calls()", "--until", "5"]));

        var text = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        Assert.Contains("public sealed class Fault1", text, StringComparison.Ordinal);
        Assert.Contains("Pipelines.Calls(), new ReplayOptions { Until = 5 }", text, StringComparison.Ordinal);
        var recording = Path.Combine(_directory, "Fault1.recording");
        Assert.NotEmpty(Directory.GetFiles(State, "*.spare"));
        Assert.Empty(Directory.GetFiles(recording, "*.spare"));
        var report = Replay.Run(recording, Step());
        Assert.Equal(2, Assert.Single(report.Queries).LastNumber);

        // Nothing is overwritten, and the processor must be named.
        using var again = new CommandRun();
        Assert.Equal(1, await again.RunAsAsync(
            ["replay", State, "--emit-test", file, "--builder", "Pipelines.Calls()"]));
        using var nameless = new CommandRun();
        Assert.Equal(2, await nameless.RunAsAsync(["replay", State, "--emit-test", file]));
    }

    [Fact]
    public async Task EmitTest_OfAllSlots_AsksForNoOptions()
    {
        await RecordAsync();
        var file = Path.Combine(_directory, "Fault2.cs");
        using var run = new CommandRun();

        Assert.Equal(0, await run.RunAsAsync(
            ["replay", State, "--emit-test", file, "--builder", "Pipelines.Calls()"]));

        var text = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        Assert.Contains("Replay.Run(RecordingOf(), Pipelines.Calls());", text, StringComparison.Ordinal);
    }

    /// <summary>The class must not hide what the test needs, nor have a word of C# for its name.</summary>
    [Theory]
    [InlineData("Replay", "Replay_Replay")]
    [InlineData("Assert", "Replay_Assert")]
    [InlineData("Pipelines", "Replay_Pipelines")]
    [InlineData("Calls", "Replay_Calls")]
    [InlineData("class", "Replay_class")]
    [InlineData("record", "Replay_record")]
    [InlineData("x\"y ü", "x_y__")]
    [InlineData("7", "Replay7")]
    public async Task EmitTest_NameThatIsInUse_GetsAnother(string name, string expected)
    {
        await RecordAsync();
        var file = Path.Combine(_directory, $"{name}.cs");
        using var run = new CommandRun();

        Assert.Equal(0, await run.RunAsAsync(["replay", State, "--emit-test", file, "--builder", "Pipelines.Calls()"]));

        var text = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        Assert.Contains($"public sealed class {expected}{Environment.NewLine}", text, StringComparison.Ordinal);
        Assert.Contains($"\"{expected}.recording\"", text, StringComparison.Ordinal);
        Assert.True(Directory.Exists(Path.Combine(_directory, $"{expected}.recording")));
    }

    /// <summary>What is half done would be in the way of the next try.</summary>
    [Fact]
    public async Task EmitTest_FileThatCannotBeWritten_LeavesNoCopy()
    {
        await RecordAsync();
        var file = Path.Combine(_directory, "Fault3.cs");
        Directory.CreateDirectory(file);
        using var run = new CommandRun();

        Assert.Equal(1, await run.RunAsAsync(["replay", State, "--emit-test", file, "--builder", "Pipelines.Calls()"]));
        Assert.False(Directory.Exists(Path.Combine(_directory, "Fault3.recording")));
    }

    /// <summary>Nothing of somebody else's directory is copied.</summary>
    [Theory]
    [InlineData("notes.txt")]
    [InlineData(null)]
    public async Task EmitTest_DirectoryThatHoldsNoSlots_IsRefused(string? content)
    {
        var other = Directory.CreateDirectory(Path.Combine(_directory, "other")).FullName;
        if (content is not null)
            await File.WriteAllTextAsync(Path.Combine(other, content), "mine", TestContext.Current.CancellationToken);
        var file = Path.Combine(_directory, "Fault4.cs");
        using var run = new CommandRun();

        Assert.Equal(1, await run.RunAsAsync(["replay", other, "--emit-test", file, "--builder", "Pipelines.Calls()"]));

        Assert.Contains($"The directory '{other}' holds no slots", run.ErrorLines[0], StringComparison.Ordinal);
        Assert.False(File.Exists(file));
        Assert.False(Directory.Exists(Path.Combine(_directory, "Fault4.recording")));
    }

    [Fact]
    public async Task EmitTest_ForeignFileBesideTheRecording_IsNotCopied()
    {
        await RecordAsync();
        await File.WriteAllTextAsync(Path.Combine(State, "notes.txt"), "mine", TestContext.Current.CancellationToken);
        using var run = new CommandRun();

        Assert.Equal(0, await run.RunAsAsync(
            ["replay", State, "--emit-test", Path.Combine(_directory, "Fault5.cs"), "--builder", "Pipelines.Calls()"]));

        var recording = Path.Combine(_directory, "Fault5.recording");
        Assert.False(File.Exists(Path.Combine(recording, "notes.txt")));
        Assert.Equal(2, Assert.Single(Replay.Run(recording, Step()).Queries).LastNumber);
    }

    /// <summary>A dump of a flight recorder is read as any other directory is.</summary>
    [Fact]
    public async Task Replay_OfADump_ShowsAKeyAndWritesATest()
    {
        string dump;
        await using (var processor = Step().To(new Nowhere()).RecordTo(State).Build())
        {
            PublishSome(processor);
            dump = processor.FlightRecorder!.Dump().Directory;
        }

        using var shown = new CommandRun();
        Assert.Equal(0, await shown.RunAsAsync(["replay", dump, .. Job, "--output", Output, "--state", "b"]));
        var lines = await File.ReadAllLinesAsync(Output, TestContext.Current.CancellationToken);
        Assert.Contains(",1,7", Assert.Single(lines, line => line.StartsWith("b,", StringComparison.Ordinal)));

        using var inspected = new CommandRun();
        Assert.Equal(0, await inspected.RunAsAsync(["state", "show", dump]));
        var file = Path.Combine(_directory, "Fault2.cs");
        using var emitted = new CommandRun();
        Assert.Equal(0, await emitted.RunAsAsync(
            ["replay", dump, "--emit-test", file, "--builder", "Pipelines.Calls()"]));
        var report = Replay.Run(Path.Combine(_directory, "Fault2.recording"), Step());
        Assert.Equal(2, Assert.Single(report.Queries).LastNumber);
    }

    private static BuildStep<string> Step() => StreamProcessorBuilder.ForKeys<string>()
        .Measure("cost")
        .TumblingWindows(TimeSpan.FromSeconds(1))
        .AllowedLateness(TimeSpan.Zero)
        .Aggregate(a => a.Count("count").Sum("sum_cost", "cost"))
        .WithOptions(new StreamProcessorOptions { Mode = ExecutionMode.Inline, FutureSkewLimit = null });

    private async Task RecordAsync()
    {
        await using var processor = Step().To(new Nowhere())
            .DurableIn(State, new DurabilityOptions { SegmentBytes = 1 << 16 }).Build();
        PublishSome(processor);
        await processor.StopAsync(StopMode.Suspend, TestContext.Current.CancellationToken);
    }

    private static void PublishSome(StreamProcessor<string> processor)
    {
        processor.Publish("a", 1, 5);
        processor.Publish("b", 2, 6);
        processor.Publish("b", TimeSpan.TicksPerSecond + 1, 7);
    }

    private sealed class Nowhere : Emission.IResultSink<string>
    {
        public void OnResults(Emission.ResultBatch<string> batch)
        {
        }
    }
}
