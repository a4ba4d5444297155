using System.Globalization;
using DisruptorStream.Building;
using DisruptorStream.Durability;
using DisruptorStream.Durability.Snapshots;
using DisruptorStream.Emission;
using DisruptorStream.Topology.Durable;
using DisruptorStream.Topology.Durable.Replay;
using DisruptorStream.Watermarks;

namespace DisruptorStream.Tests.Durability.Copying;

/// <summary>Snapshots that are copies of the processor's own state.</summary>
public sealed class StateCopierTests : IDisposable
{
    private const int Events = 6_000;

    private readonly string _directory = Directory.CreateTempSubdirectory("copier-").FullName;
    private readonly FailingFiles _disk = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<ExecutionMode, DurabilityMode, StopMode> Ends() => new(
        from mode in Enum.GetValues<ExecutionMode>()
        from durability in Enum.GetValues<DurabilityMode>()
        from stop in new[] { StopMode.Suspend, StopMode.Abort }
        select (mode, durability, stop));

    /// <summary>Keys come while snapshots are taken, and the processor ends in the middle of one.</summary>
    [Theory]
    [MemberData(nameof(Ends))]
    public async Task TakeSnapshotAsync_WhileEventsCome_IsWhatARecoveryGoesOnFrom(
        ExecutionMode mode, DurabilityMode durability, StopMode stop)
    {
        var expected = new SortedDictionary<long, string>();
        await using (var whole = Step(mode, expected).Build())
        {
            whole.Start();
            Publish(whole, 0, Events);
            await whole.StopAsync(StopMode.Complete, Token);
        }

        var lines = new SortedDictionary<long, string>();
        const int Parts = 4;
        for (var part = 0; part < Parts; part++)
        {
            await using var processor = Step(mode, lines).DurableIn(Settings(durability)).Build();
            Assert.Equal(part > 0, processor.Durability!.Recovery.IsRecovered);
            processor.Start();
            var (first, end) = (part * Events / Parts, (part + 1) * Events / Parts);
            var asked = Task.CompletedTask;
            for (var at = first; at < end; at += 250)
            {
                Publish(processor, at, at + 250);
                await asked;
                asked = processor.Durability.TakeSnapshotAsync(Token);
            }

            await asked;
            Assert.True(processor.Durability.GetStats().SnapshotSequence > first);
            _ = processor.Durability.TakeSnapshotAsync(Token).ContinueWith(
                static task => task.Exception, TaskScheduler.Default);
            if (part == Parts - 1)
            {
                await processor.StopAsync(StopMode.Complete, Token);
                continue;
            }

            if (stop == StopMode.Abort)
                await processor.Durability.WhenDurableAsync(Token);
            await processor.StopAsync(stop, Token);
        }

        Assert.Equal(expected, lines);
        Assert.False(File.Exists(Path.Combine(_directory, "snapshot.copy")));
    }

    /// <summary>All of it, what numbers stand for among them, is what a save at the same slot writes.</summary>
    [Fact]
    public async Task TrySave_NothingComesMeanwhile_IsTheStateAtTheSlot()
    {
        await using var processor = Step(ExecutionMode.Inline, [])
            .DurableIn(Settings(DurabilityMode.Sync) with { IsByHand = true })
            .Build();
        for (var part = 0; part < 4; part++)
        {
            Publish(processor, part * 500, (part + 1) * 500);
            await SaveByHandAsync(processor);

            var store = new SnapshotStore(_disk, _directory);
            var sequence = store.List()[0].Sequence;
            using var expected = new MemoryStream();
            processor.Parts.Saver.Save(expected, sequence);
            using var content = store.Open(sequence, out var info);
            Assert.Equal(sequence, ReplayMark.Load(content).Sequence);
            using var actual = new MemoryStream();
            await content.CopyToAsync(actual, Token);
            Assert.Equal(expected.ToArray(), actual.ToArray());
            Assert.Equal(processor.Parts.Queries[0].Delivery.LastNumber, info.Results[0].Number);
        }
    }

    /// <summary>A snapshot that fails leaves the processor as it is, and the next one is whole.</summary>
    [Theory]
    [InlineData("create", "snapshot.copy")]
    [InlineData("write", "snapshot.copy")]
    [InlineData("read", "snapshot.copy")]
    [InlineData("create", "snapshot-")]
    [InlineData("write", "snapshot-")]
    [InlineData("sync", "snapshot-")]
    public async Task TakeSnapshotAsync_TheDiskFails_IsToldAndTheNextOneIsWhole(string call, string file)
    {
        const int Keys = 40_000;
        await using (var processor = Step(ExecutionMode.Fused, []).DurableIn(Settings(DurabilityMode.Async)).Build())
        {
            processor.Start();
            for (var at = 0; at < 3 * Keys; at++)
                processor.Publish((at % Keys).ToString(CultureInfo.InvariantCulture), 200 * (at / Keys), 1);
            _disk.Fails = (failing, path) =>
                failing == call && Path.GetFileName(path).StartsWith(file, StringComparison.Ordinal);
            var told = await Assert.ThrowsAsync<DurabilityException>(
                () => processor.Durability!.TakeSnapshotAsync(Token));
            Assert.Contains($"The disk does not {call}", told.Message, StringComparison.Ordinal);
            _disk.Fails = null;
            processor.Publish("one more", 400, 1);

            // A snapshot is of what is durable: on a busy machine that is not all yet.
            await processor.Durability!.WhenDurableAsync(Token);
            await processor.Durability.TakeSnapshotAsync(Token);
            Assert.Null(processor.Durability.GetStats().Failure);
            await processor.StopAsync(StopMode.Abort, Token);
        }

        await using var second = Step(ExecutionMode.Fused, []).DurableIn(Settings(DurabilityMode.Async)).Build();
        Assert.Equal((3 * Keys) + 1, second.GetStats().EventsProcessed);
        Assert.True(second.Durability!.Recovery.SlotsReplayed < 100);
        Assert.Empty(second.Durability.Recovery.Remarks);
    }

    /// <summary>
    /// The snapshot that makes room in a full journal is of a slot that is still to be written there.
    /// </summary>
    [Theory]
    [InlineData(ExecutionMode.Inline)]
    [InlineData(ExecutionMode.Fused)]
    [InlineData(ExecutionMode.Staged)]
    public async Task Publish_TheJournalIsFull_GoesOnOnceASnapshotHasMadeRoom(ExecutionMode mode)
    {
        var settings = Settings(DurabilityMode.Async);
        await using var processor = Step(mode, [])
            .DurableIn(settings with
            {
                Options = settings.Options with
                {
                    MaxJournalBytes = 6 << 14,
                    SegmentBytes = 1 << 14,
                    SnapshotsKept = 1,
                },
            })
            .Build();
        processor.Start();
        await Task.Run(() => Publish(processor, 0, 20_000), Token).WaitAsync(Processors.Patience, Token);
        await processor.StopAsync(StopMode.Suspend, Token);

        Assert.Equal(20_000, processor.GetStats().EventsProcessed);
        Assert.Null(processor.Durability!.GetStats().Failure);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static async Task SaveByHandAsync(StreamProcessor<string> processor)
    {
        var (session, before) = (processor.Parts.Durable!, processor.Durability!.GetStats().SnapshotSequence);
        await Processors.UntilAsync(() =>
        {
            session.Save();
            return session.Stats.SnapshotSequence > before;
        });
    }

    private static void Publish(StreamProcessor<string> processor, int first, int end)
    {
        var random = new Random(5);
        for (var at = 0; at < end; at++)
        {
            var key = $"key-{(at / 10) + random.Next(60)}";
            var (time, value) = (at + random.Next(-15, 16), random.Next(100));
            if (at >= first)
                processor.Publish(key, time, value);
        }
    }

    private static BuildStep<string> Step(ExecutionMode mode, SortedDictionary<long, string> lines) =>
        StreamProcessorBuilder.ForKeys<string>()
            .SlidingWindows(TimeSpan.FromTicks(400), TimeSpan.FromTicks(100))
            .AllowedLateness(TimeSpan.FromTicks(50))
            .Aggregate(a => a.Count("count").Sum("sum").Percentile("p50", 50))
            .To(new Numbered(lines))
            .WithWatermarks(new WatermarkOptions { MaxOutOfOrderness = TimeSpan.FromTicks(20) })
            .WithOptions(Processors.Options(mode) with { ShardCount = mode == ExecutionMode.Staged ? 2 : 1 });

    private DurableSettings Settings(DurabilityMode durability) => DurableSettings.Of(
        _directory,
        new DurabilityOptions
        {
            Mode = durability,
            Snapshots = SnapshotMethod.Copy,
            SegmentBytes = 1 << 20,
            SyncInterval = TimeSpan.FromMilliseconds(10),
        }) with
    {
        Files = _disk,
    };

    private sealed class Numbered : IResultSink<string>
    {
        private readonly SortedDictionary<long, string> _lines;

        public Numbered(SortedDictionary<long, string> lines) => _lines = lines;

        public void OnResults(ResultBatch<string> batch)
        {
            foreach (var result in batch)
            {
                var line = string.Create(
                    CultureInfo.InvariantCulture,
                    $"{result.Key} {result.Window.StartTicks} {result["count"]} {result["sum"]} {result["p50"]}");

                // After an abort some come again, with the same numbers.
                if (!_lines.TryAdd(result.Number, line))
                    Assert.Equal(_lines[result.Number], line);
            }
        }
    }
}
