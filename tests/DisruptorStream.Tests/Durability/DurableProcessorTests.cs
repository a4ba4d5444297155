using DisruptorStream.Building;
using DisruptorStream.Durability;
using DisruptorStream.Emission;
using DisruptorStream.Topology.Durable;
using DisruptorStream.Watermarks;

namespace DisruptorStream.Tests.Durability;

/// <summary>A durable processor that ends goes on where it was, with the results of one that never ended.</summary>
public sealed class DurableProcessorTests : IDisposable
{
    private const int Events = 4_000;

    private readonly string _directory = Directory.CreateTempSubdirectory("durable-").FullName;

    public static TheoryData<ExecutionMode, DurabilityMode, StopMode> Ends() => new(
        from mode in Enum.GetValues<ExecutionMode>()
        from durability in Enum.GetValues<DurabilityMode>()
        from stop in new[] { StopMode.Drain, StopMode.Suspend, StopMode.Abort }
        select (mode, durability, stop));

    [Theory]
    [MemberData(nameof(Ends))]
    public async Task Build_AfterAnEnd_GoesOnWithTheSameResults(
        ExecutionMode mode, DurabilityMode durability, StopMode stop)
    {
        var expected = new NumberedLines();
        await using (var whole = Step(mode, expected).Build())
            await RunAsync(whole, mode, 0, Events, StopMode.Complete);

        var lines = new NumberedLines();
        const int Parts = 5;
        for (var part = 0; part < Parts; part++)
        {
            await using var processor = Step(mode, lines)
                .DurableIn(_directory, new DurabilityOptions { Mode = durability, SegmentBytes = 1 << 16 })
                .Build();
            Assert.Equal(part > 0, processor.Durability!.Recovery.IsRecovered);
            await RunAsync(
                processor,
                mode,
                part * Events / Parts,
                (part + 1) * Events / Parts,
                part == Parts - 1 ? StopMode.Complete : stop);
        }

        Assert.Equal(expected.InOrder(), lines.InOrder());
    }

    /// <summary>What was told of a source before the first slot is known to each that goes on there.</summary>
    [Fact]
    public async Task Build_AfterAnEndBeforeTheFirstSlot_KnowsTheSource()
    {
        var lines = new NumberedLines();
        var directory = _directory;
        for (var life = 0; life < 3; life++)
        {
            await using var killed = Step(ExecutionMode.Inline, lines).DurableIn(ByHand(directory)).Build();
            // As a kill leaves it between the two steps of a new source: its name is told, and no slot is there.
            killed.Parts.Ledger.Sources.Register("one");
            killed.Parts.Durable!.SyncNow();
            directory = CopyOf(directory, $"life-{life}");
        }

        await using var processor = Step(ExecutionMode.Inline, lines).DurableIn(ByHand(directory)).Build();
        await RunAsync(processor, ExecutionMode.Inline, 0, 100, StopMode.Complete);

        Assert.Null(processor.Durability!.GetStats().Failure);
        Assert.NotEmpty(lines.InOrder());
    }

    /// <summary>
    /// A snapshot is there before the journal says that a result has arrived: what it was made of stays, as a recovery
    /// has to begin before it.
    /// </summary>
    [Fact]
    public async Task Build_AfterAKillBehindTheFirstSnapshot_GoesOnFromTheStart()
    {
        var expected = new NumberedLines();
        await using (var whole = Step(ExecutionMode.Inline, expected).Build())
            await RunAsync(whole, ExecutionMode.Inline, 0, 1_000, StopMode.Complete);

        var lines = new NumberedLines();
        await using var killed = Step(ExecutionMode.Inline, lines).DurableIn(ByHand(_directory)).Build();
        var (publisher, random) = (killed.CreatePublisher("one"), new Random(5));
        for (var at = 0; at < 500; at++)
        {
            publisher.Publish($"key-{random.Next(12)}", at + random.Next(-15, 16), random.Next(100));
            if (at % 100 != 99)
                continue;
            var durable = killed.Parts.Durable!;
            durable.SyncNow();
            durable.Follow();
            durable.Save();
        }

        var copy = ByHand(CopyOf(_directory, "killed"));
        await using var processor = Step(ExecutionMode.Inline, lines).DurableIn(copy).Build();
        await RunAsync(
            processor, ExecutionMode.Inline, (int)processor.GetStats().EventsProcessed, 1_000, StopMode.Complete);
        Assert.Equal(expected.InOrder(), lines.InOrder());
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static DurableSettings ByHand(string directory) =>
        DurableSettings.Of(directory, new DurabilityOptions { SegmentBytes = 1 << 11, SnapshotsKept = 1 }) with
        {
            IsByHand = true,
        };

    private string CopyOf(string directory, string name)
    {
        var copy = Directory.CreateDirectory(Path.Combine(_directory, name)).FullName;
        var files = Directory.EnumerateFiles(directory).Where(path => Path.GetFileName(path) != "lock");
        foreach (var file in files)
            File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        return copy;
    }

    private static BuildStep<string> Step(ExecutionMode mode, NumberedLines lines) =>
        StreamProcessorBuilder.ForKeys<string>()
            .SlidingWindows(TimeSpan.FromTicks(100), TimeSpan.FromTicks(25))
            .AllowedLateness(TimeSpan.FromTicks(50))
            .Aggregate(a => a.Count("count").Sum("sum").Last("last"))
            .To(lines)
            .WithWatermarks(new WatermarkOptions { MaxOutOfOrderness = TimeSpan.FromTicks(20) })
            .WithOptions(Processors.Options(mode));

    private static async Task RunAsync(
        StreamProcessor<string> processor, ExecutionMode mode, int first, int end, StopMode stop)
    {
        if (mode != ExecutionMode.Inline)
            processor.Start();
        var random = new Random(5);
        var publisher = processor.CreatePublisher("one");
        for (var at = 0; at < end; at++)
        {
            var (key, time, value) = ($"key-{random.Next(12)}", at + random.Next(-15, 16), random.Next(100));
            if (at >= first)
                publisher.Publish(key, time, value);
        }

        if (stop == StopMode.Abort)
            await processor.Durability!.WhenDurableAsync(TestContext.Current.CancellationToken);
        await processor.StopAsync(stop, TestContext.Current.CancellationToken);
    }

    private sealed class NumberedLines : IResultSink<string>
    {
        private readonly SortedDictionary<long, string> _lines = [];

        public void OnResults(ResultBatch<string> batch)
        {
            foreach (var result in batch)
            {
                var line = $"{result.Number} {result.Key} {result.Window.StartTicks} {result.Timing} "
                    + $"{result.PaneIndex} {result["count"]} {result["sum"]} {result["last"]}";
                if (!_lines.TryAdd(result.Number, line))
                    Assert.Equal(_lines[result.Number], line);
            }
        }

        public List<string> InOrder() => [.. _lines.Values];
    }
}
