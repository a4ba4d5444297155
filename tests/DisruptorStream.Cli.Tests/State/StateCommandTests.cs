using System.Text.Json;
using DisruptorStream.Building;
using DisruptorStream.Cli.Tests.Commands;
using DisruptorStream.Durability;

namespace DisruptorStream.Cli.Tests.State;

/// <summary>What <c>dstream state show</c> says of the directory of a durable processor.</summary>
public sealed class StateCommandTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("state-").FullName;

    [Fact]
    public async Task Show_SuspendedProcessor_SaysWhatIsThereAndChangesNothing()
    {
        await SuspendAsync();
        var before = Files();
        using var run = new CommandRun();

        Assert.Equal(0, await run.RunAsAsync(["state", "show", _directory]));

        Assert.Contains($"directory   {_directory}, not in use", LinesOf(run));
        Assert.Contains("end         closed on purpose", LinesOf(run));
        Assert.Contains("arrived     default: results to 1, 0 dropped events", LinesOf(run));
        var snapshot = Assert.Single(LinesOf(run), Begins("snapshot"));
        Assert.Contains("to slot ", snapshot, StringComparison.Ordinal);
        Assert.Contains("results default to 1", snapshot, StringComparison.Ordinal);
        Assert.Contains(" ready for use", Assert.Single(LinesOf(run), Begins("journal")), StringComparison.Ordinal);
        Assert.Equal(before, Files());
    }

    [Fact]
    public async Task Show_AsJson_SaysTheSame()
    {
        await SuspendAsync();
        using var run = new CommandRun();

        Assert.Equal(0, await run.RunAsAsync(["state", "show", _directory, "--json"]));

        using var json = JsonDocument.Parse(run.Error);
        Assert.False(json.RootElement.GetProperty("inUse").GetBoolean());
        var journal = json.RootElement.GetProperty("journal");
        Assert.True(journal.GetProperty("closed").GetBoolean());
        Assert.Equal([1L, 0L], journal.GetProperty("arrived").EnumerateArray().Select(number => number.GetInt64()));
        var snapshot = Assert.Single(json.RootElement.GetProperty("snapshots").EnumerateArray());
        Assert.Equal(journal.GetProperty("lastSlot").GetInt64(), snapshot.GetProperty("slot").GetInt64());
        Assert.Equal(1, snapshot.GetProperty("results").GetProperty("default").GetInt64());
        Assert.Equal(JsonValueKind.Null, snapshot.GetProperty("problem").ValueKind);
    }

    [Fact]
    public async Task Show_ProcessorHasIt_SaysSo()
    {
        await using var processor = Step().Build();
        using var run = new CommandRun();

        Assert.Equal(0, await run.RunAsAsync(["state", "show", _directory]));

        Assert.Contains(
            "in use by a processor", Assert.Single(LinesOf(run), Begins("directory")), StringComparison.Ordinal);
        Assert.Equal(
            "end         not closed: a processor still writes it", Assert.Single(LinesOf(run), Begins("end")));
    }

    /// <summary>What a killed process leaves: the files as they are, and nobody who has them.</summary>
    [Fact]
    public async Task Show_NobodyHasItAndItWasNotClosed_SaysHowItEnded()
    {
        var left = Directory.CreateDirectory(Path.Combine(_directory, "left")).FullName;
        var owned = Path.Combine(_directory, "owned");
        await using var processor = Step(owned).Build();
        processor.Publish("a", 1, 1);
        await processor.Durability!.WhenDurableAsync(TestContext.Current.CancellationToken);
        foreach (var path in Directory.GetFiles(owned, "*.journal"))
            File.Copy(path, Path.Combine(left, Path.GetFileName(path)));
        using var run = new CommandRun();

        Assert.Equal(0, await run.RunAsAsync(["state", "show", left]));

        Assert.Contains($"directory   {left}, not in use", LinesOf(run));
        Assert.Equal(
            "end         not closed: the processor ended without a stop, as by a crash",
            Assert.Single(LinesOf(run), Begins("end")));
    }

    [Fact]
    public async Task Show_DamagedFiles_SaysWhichAndFails()
    {
        await SuspendAsync();
        Damage(Directory.GetFiles(_directory, "snapshot-*").Single(), fromEnd: 1);
        Damage(Directory.GetFiles(_directory, "*.journal").Single(), fromStart: 200);
        using var run = new CommandRun();

        Assert.Equal(1, await run.RunAsAsync(["state", "show", _directory]));

        Assert.Contains(
            "cannot be used: its content is damaged",
            Assert.Single(LinesOf(run), Begins("snapshot")),
            StringComparison.Ordinal);
        Assert.Contains(".journal", Assert.Single(LinesOf(run), Begins("damage")), StringComparison.Ordinal);
    }

    /// <summary>How far the file before a missing one was written is not known, and no number stands for it.</summary>
    [Fact]
    public async Task Show_FileInTheMiddleIsMissing_NamesIt()
    {
        var left = Directory.CreateDirectory(Path.Combine(_directory, "left")).FullName;
        var owned = Path.Combine(_directory, "owned");
        await using var processor = Step(owned, segmentBytes: 1 << 10).Build();
        for (var batch = 0; batch < 100; batch++)
        {
            processor.Publish(FormattableString.Invariant($"key {batch}"), 1, 1);
            await processor.Durability!.WhenDurableAsync(TestContext.Current.CancellationToken);
        }

        var paths = Directory.GetFiles(owned, "*.journal").Order(StringComparer.Ordinal).ToArray();
        foreach (var path in paths.Where((_, index) => index != 1))
            File.Copy(path, Path.Combine(left, Path.GetFileName(path)));
        using var run = new CommandRun();
        using var inJson = new CommandRun();

        Assert.Equal(1, await run.RunAsAsync(["state", "show", left]));
        Assert.Equal(1, await inJson.RunAsAsync(["state", "show", left, "--json"]));

        var missing = Path.Combine(left, Path.GetFileName(paths[1]));
        Assert.StartsWith(
            $"damage      '{missing}', from slot ",
            Assert.Single(LinesOf(run), Begins("damage")),
            StringComparison.Ordinal);
        Assert.Single(LinesOf(run), line => line.Contains("as the next file is missing", StringComparison.Ordinal));
        using var json = JsonDocument.Parse(inJson.Error);
        var first = json.RootElement.GetProperty("journal").GetProperty("files")[0];
        Assert.Equal(JsonValueKind.Null, first.GetProperty("bytes").ValueKind);
    }

    [Fact]
    public async Task Show_EmptyOrMissingDirectory_SaysSo()
    {
        using var run = new CommandRun();
        Assert.Equal(0, await run.RunAsAsync(["state", "show", _directory]));
        Assert.Contains("stream      none: there is neither a journal nor a snapshot", LinesOf(run));

        using var other = new CommandRun();
        Assert.Equal(1, await other.RunAsAsync(["state", "show", Path.Combine(_directory, "none")]));
        Assert.Contains("There is no directory", other.ErrorLines[0], StringComparison.Ordinal);
        Assert.Empty(Directory.GetDirectories(_directory));
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static string[] LinesOf(CommandRun run) =>
        run.Error.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);

    private static Predicate<string> Begins(string name) =>
        line => line.StartsWith(name + " ", StringComparison.Ordinal);

    private static void Damage(string path, int fromStart = 0, int fromEnd = 0)
    {
        var bytes = File.ReadAllBytes(path);
        bytes[fromEnd > 0 ? bytes.Length - fromEnd : fromStart] ^= 1;
        File.WriteAllBytes(path, bytes);
    }

    private List<(string Path, long Bytes, DateTime Written)> Files() =>
    [
        .. Directory.GetFiles(_directory).Order().Select(path =>
            (path, new FileInfo(path).Length, File.GetLastWriteTimeUtc(path))),
    ];

    private async Task SuspendAsync()
    {
        await using var processor = Step().Build();
        processor.Publish("a", 1, 1);
        processor.Publish("a", 100, 1);
        await processor.StopAsync(StopMode.Suspend, TestContext.Current.CancellationToken);
    }

    private BuildStep<string> Step(string? directory = null, int segmentBytes = 1 << 16) => StreamProcessorBuilder
        .ForKeys<string>()
        .TumblingWindows(TimeSpan.FromTicks(10))
        .Aggregate(a => a.Count("count"))
        .WithOptions(new StreamProcessorOptions { Mode = ExecutionMode.Inline, FutureSkewLimit = null })
        .DurableIn(directory ?? _directory, new DurabilityOptions { SegmentBytes = segmentBytes });
}
