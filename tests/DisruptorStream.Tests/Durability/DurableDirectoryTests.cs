using DisruptorStream.Durability;
using DisruptorStream.Emission;
using DisruptorStream.Testing.Sinks;
using DisruptorStream.Topology.Durable;

namespace DisruptorStream.Tests.Durability;

/// <summary>How many files a directory gets, and what is refused where some of them are not there.</summary>
public sealed class DurableDirectoryTests : IDisposable
{
    private const int Runs = 25;
    private const int Keys = 7;
    private const int ResultsAtFirstSnapshot = 2 * Keys;

    private readonly string _directory = Directory.CreateTempSubdirectory("directory-").FullName;

    /// <summary>Runs that all end before their first snapshot is due leave no more files than a long one.</summary>
    [Theory]
    [InlineData(ExecutionMode.Inline)]
    [InlineData(ExecutionMode.Fused)]
    [InlineData(ExecutionMode.Staged)]
    public async Task StopAsync_ManyShortRuns_LeaveFewFiles(ExecutionMode mode)
    {
        for (var run = 0; run < Runs; run++)
        {
            await using var processor = Build(mode, new CollectingSink<string>());
            if (mode != ExecutionMode.Inline)
                processor.Start();
            processor.Publish("a", run * 10, 1);
            await processor.StopAsync(StopMode.Suspend, TestContext.Current.CancellationToken);
        }

        ThrowUnlessFew();
    }

    /// <summary>The same of runs that are all killed.</summary>
    [Fact]
    public async Task Follow_ManyRunsThatAreKilled_LeaveFewFiles()
    {
        for (var run = 0; run < Runs; run++)
        {
            await using var processor = Processors.Tumbling(100).Counting(ExecutionMode.Inline)
                .DurableIn(DurableSettings.Of(_directory, Options()) with { IsByHand = true })
                .Build();
            processor.Parts.Durable!.Follow();
            processor.Publish("a", run, 1);
            processor.Parts.Durable.SyncNow();
        }

        ThrowUnlessFew();
    }

    /// <summary>Its sink is behind all snapshots, so that nothing but the journal can give the results.</summary>
    [Fact]
    public async Task Build_JournalIsGone_IsRefused()
    {
        await RunAsync(new DurableTarget<string>());
        foreach (var file in Directory.GetFiles(_directory, "*.journal"))
            File.Delete(file);

        var refused = Assert.Throws<DurabilityException>(() => Build(
            ExecutionMode.Inline, new DurableCollectingSink<string>(new DurableTarget<string>())));
        Assert.Contains("its files are missing", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>Nothing in the journal mentions its end, but a snapshot that the sink is behind does.</summary>
    [Fact]
    public async Task Build_EndOfTheJournalIsGone_IsRefused()
    {
        var target = new DurableTarget<string>();
        await RunAsync(target);
        target.SetBack(ResultsAtFirstSnapshot);
        foreach (var file in Directory.GetFiles(_directory, "*.journal").Order().Skip(1))
            File.Delete(file);

        var refused = Assert.Throws<DurabilityException>(
            () => Build(ExecutionMode.Inline, new DurableCollectingSink<string>(target)));
        Assert.Contains("what lies between is missing", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Build_SnapshotOfAnotherStream_IsRefused()
    {
        await RunAsync(new DurableTarget<string>());
        var other = Directory.CreateDirectory(Path.Combine(_directory, "other")).FullName;
        foreach (var file in Directory.GetFiles(_directory))
            File.Move(file, Path.Combine(other, Path.GetFileName(file)));
        await RunAsync(new DurableTarget<string>());
        var snapshot = Directory.GetFiles(other, "snapshot-*").Max()!;
        File.Copy(snapshot, Path.Combine(_directory, Path.GetFileName(snapshot)), overwrite: true);

        var refused = Assert.Throws<DurabilityException>(
            () => Build(ExecutionMode.Inline, new CollectingSink<string>()));
        Assert.Contains("take the snapshot out of the directory", refused.Message, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    /// <summary>Takes snapshots behind 2, 3 and 4 windows, and is aborted.</summary>
    private async Task RunAsync(DurableTarget<string> target)
    {
        await using var processor = Build(ExecutionMode.Inline, new DurableCollectingSink<string>(target));
        for (var at = 0; at < 500; at++)
        {
            processor.Publish($"key-{at % Keys}", at, at * 0.37);
            if (at % 100 != 50 || at < 200)
                continue;
            await processor.Durability!.WhenDurableAsync(TestContext.Current.CancellationToken);
            await processor.Durability.TakeSnapshotAsync(TestContext.Current.CancellationToken);
        }

        await processor.Durability!.WhenDurableAsync(TestContext.Current.CancellationToken);
    }

    private void ThrowUnlessFew()
    {
        Assert.InRange(Directory.GetFiles(_directory, "*.journal").Length, 1, 12);
        Assert.InRange(Directory.GetFiles(_directory, "snapshot-*").Length, 1, 5);
    }

    private static DurabilityOptions Options() => new()
    {
        SegmentBytes = 1 << 10,
        SyncInterval = TimeSpan.FromMilliseconds(10),
    };

    private StreamProcessor<string> Build(ExecutionMode mode, IResultSink<string> sink) =>
        Processors.Tumbling(100).Counting(mode).To(sink).DurableIn(_directory, Options()).Build();
}
