using System.Collections.Concurrent;
using DisruptorStream.Building;
using DisruptorStream.Durability;
using DisruptorStream.Durability.Plans.Records;
using DisruptorStream.Durability.Snapshots;
using DisruptorStream.Tests.Telemetry;
using DisruptorStream.Topology.Durable;
using DisruptorStream.Windows.Calendars;

namespace DisruptorStream.Tests.Durability;

/// <summary>What goes wrong beside a durable processor is told once, in the log and in its statistics.</summary>
public sealed class DurableTroubleTests : IDisposable
{
    private const int Recovered = 19;
    private const int Remark = 20;
    private const int Failed = 21;
    private const int NoSnapshot = 22;
    private const int NoSpare = 23;

    private readonly string _directory = Directory.CreateTempSubdirectory("trouble-").FullName;
    private readonly FailingFiles _disk = new();
    private readonly Lines _log = new();

    [Fact]
    public async Task Build_WithRemarks_LogsEachAndWhatWasDone()
    {
        await using (var first = Step().Build())
        {
            first.Publish("a", 1, 1);
            await first.Durability!.WhenDurableAsync(TestContext.Current.CancellationToken);
            await first.Durability.TakeSnapshotAsync(TestContext.Current.CancellationToken);
            first.Publish("a", 2, 1);
            await first.StopAsync(StopMode.Suspend, TestContext.Current.CancellationToken);
        }

        Assert.Empty(_log.Of(Recovered));
        var newest = Directory.GetFiles(_directory, "snapshot-*.state").Max()!;
        var bytes = File.ReadAllBytes(newest);
        bytes[^1] ^= 1;
        File.WriteAllBytes(newest, bytes);

        await using var second = Step().Build();

        var snapshot = second.Durability!.Recovery.SnapshotSequence;
        Assert.Contains(
            $": the snapshot at slot {snapshot} was loaded, and ",
            Assert.Single(_log.Of(Recovered)),
            StringComparison.Ordinal);
        var remark = Assert.Single(second.Durability.Recovery.Remarks);
        Assert.Contains(Path.GetFileName(newest), remark, StringComparison.Ordinal);
        Assert.Contains(remark, Assert.Single(_log.Of(Remark)), StringComparison.Ordinal);
    }

    /// <summary>No slot has the number -1, so a log does not speak of it.</summary>
    [Fact]
    public async Task Build_NoSnapshotYet_LogSaysSo()
    {
        await using (var first = Step(snapshotInterval: TimeSpan.FromHours(1)).Build())
        {
            first.Publish("a", 1, 1);
            await first.Durability!.WhenDurableAsync(TestContext.Current.CancellationToken);
        }

        await using var second = Step(snapshotInterval: TimeSpan.FromHours(1)).Build();

        Assert.Equal(-1, second.Durability!.Recovery.SnapshotSequence);
        Assert.Contains(": there was no snapshot, and ", Assert.Single(_log.Of(Recovered)), StringComparison.Ordinal);
    }

    [Fact]
    public void Build_DirectoryIsAFile_SaysSo()
    {
        var path = Path.Combine(_directory, "file");
        File.WriteAllText(path, "");

        var refused = Assert.Throws<DurabilityException>(() => StreamProcessorBuilder.ForKeys<string>()
            .TumblingWindows(TimeSpan.FromTicks(10))
            .Counting(ExecutionMode.Inline)
            .DurableIn(path)
            .Build());

        Assert.StartsWith(
            $"The directory '{path}' cannot be used: it is a file, and not a directory. Choose another one, ",
            refused.Message,
            StringComparison.Ordinal);
    }

    /// <summary>Of windows that have nothing to do with time zones nothing is said.</summary>
    [Theory]
    [InlineData("Europe/Berlin", 1)]
    [InlineData("UTC", 0)]
    public async Task Build_OtherRulesOfTimeZones_AreARemark(string zone, int remarks)
    {
        var step = StreamProcessorBuilder.ForKeys<string>()
            .CalendarWindows(CalendarUnit.Day, TimeZoneInfo.FindSystemTimeZoneById(zone))
            .Counting(ExecutionMode.Inline)
            .DurableIn(_directory, new DurabilityOptions { SegmentBytes = 1 << 16 });
        await using (var first = step.Build())
        {
            first.Publish("a", 1, 1);
            await first.StopAsync(StopMode.Suspend, TestContext.Current.CancellationToken);
        }

        var store = new SnapshotStore(_disk, _directory);
        using (var content = store.Open(store.List()[0].Sequence, out var info))
        {
            // As one that was taken when the zone had other rules.
            var plan = PlanRecordFormat.Read(info.PlanRecord.Span);
            RecordedZone[] zones = [.. plan.Zones.Select(found => found with { Rules = default })];
            var record = PlanRecordFormat.Write(plan with { Zones = zones, TimeZoneVersion = "1999z" });
            store.Write(info with { PlanRecord = record }, content.CopyTo);
        }

        await using var second = step.Build();

        Assert.Equal(remarks, second.Durability!.Recovery.Remarks.Count);
        Assert.All(
            second.Durability.Recovery.Remarks,
            remark => Assert.Contains("the time zone Europe/Berlin have changed", remark, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Follow_NoSnapshotCanBeWritten_IsToldAndOverWithTheNextOne()
    {
        await using var processor = Step().Build();
        _disk.Fails = (call, path) => call == "create" && path.Contains("snapshot-", StringComparison.Ordinal);
        processor.Publish("a", 1, 1);
        await processor.Durability!.WhenDurableAsync(TestContext.Current.CancellationToken);
        await Processors.UntilAsync(() => _log.Of(NoSnapshot).Count > 0);

        var stats = processor.GetStats();
        Assert.Contains("The disk does not create", stats.Durability!.Failure, StringComparison.Ordinal);
        Assert.Contains("The disk does not create", stats.ToString(), StringComparison.Ordinal);
        Assert.Contains("no snapshot could be taken", _log.Of(NoSnapshot)[0], StringComparison.Ordinal);
        await Processors.UntilAsync(() => processor.Durability.GetStats().IsSnapshotOverdue);
        var asked = await Assert.ThrowsAsync<DurabilityException>(
            () => processor.Durability.TakeSnapshotAsync(TestContext.Current.CancellationToken));
        Assert.Contains("The disk does not create", asked.Message, StringComparison.Ordinal);

        _disk.Fails = null;
        await processor.Durability.TakeSnapshotAsync(TestContext.Current.CancellationToken);
        Assert.Null(processor.Durability.GetStats().Failure);
        Assert.Empty(_log.Of(Failed));
    }

    [Fact]
    public async Task Follow_JournalCannotBeRead_IsToldOnceAndTheProcessorGoesOn()
    {
        await using var processor = Step().Build();
        _disk.Fails = (call, path) => call == "read" && path.EndsWith(".journal", StringComparison.Ordinal);
        processor.Publish("a", 1, 1);
        await processor.Durability!.WhenDurableAsync(TestContext.Current.CancellationToken);
        await Processors.UntilAsync(() => processor.Durability.GetStats().ShadowFailure is not null);
        _disk.Fails = null;

        processor.Publish("a", 2, 1);
        await processor.Durability.WhenDurableAsync(TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<DurabilityException>(
            () => processor.Durability.TakeSnapshotAsync(TestContext.Current.CancellationToken));
        Assert.StartsWith("The shadow failed", processor.GetStats().Durability!.Failure, StringComparison.Ordinal);
        await processor.StopAsync(StopMode.Suspend, TestContext.Current.CancellationToken);
        await processor.DisposeAsync();

        Assert.Contains("The shadow failed", Assert.Single(_log.Of(Failed)), StringComparison.Ordinal);
        await using var second = Step().Build();
        Assert.True(second.Durability!.Recovery.SlotsReplayed >= 2);
    }

    [Fact]
    public async Task LookAtSpares_NoneCanBeMade_IsToldOnce()
    {
        await using var processor = Step().Build();
        await Processors.UntilAsync(() => Directory.GetFiles(_directory, "*.spare").Length == 2);
        _disk.Fails = (call, path) => call == "create" && path.EndsWith(".spare", StringComparison.Ordinal);
        var at = 0L;
        await Processors.UntilAsync(() =>
        {
            processor.Publish("a", ++at, at * 1.1);
            return processor.Durability!.GetStats().SpareFailure is not null || at > 1_000_000;
        });
        await Processors.UntilAsync(() => _log.Of(NoSpare).Count > 0);

        Assert.Contains("make room on the disk", Assert.Single(_log.Of(NoSpare)), StringComparison.Ordinal);
        Assert.Contains("The disk does not create", processor.Durability!.GetStats().Failure, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private BuildStep<string> Step(TimeSpan? snapshotInterval = null) => Processors.Tumbling(100)
        .Counting(ExecutionMode.Inline)
        .WithLogger(_log)
        .DurableIn(new DurableSettings(
            _directory,
            new DurabilityOptions
            {
                Mode = DurabilityMode.Sync,
                SegmentBytes = 1 << 16,
                SnapshotInterval = snapshotInterval ?? TimeSpan.FromMilliseconds(10),
            })
        {
            Files = _disk,
        });

    private sealed class Lines : TestLogger
    {
        private readonly ConcurrentQueue<(int Id, string Text)> _lines = new();

        public List<string> Of(int id) => [.. _lines.Where(line => line.Id == id).Select(line => line.Text)];

        protected override void OnLine(int id, string text) => _lines.Enqueue((id, text));
    }
}
