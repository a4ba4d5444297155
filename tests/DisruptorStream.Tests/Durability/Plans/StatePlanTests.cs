using DisruptorStream.Aggregation;
using DisruptorStream.Building;
using DisruptorStream.Building.Streams;
using DisruptorStream.Durability;
using DisruptorStream.Durability.Plans;
using DisruptorStream.Durability.Plans.Records;
using DisruptorStream.Durability.Snapshots;
using DisruptorStream.Saving;
using DisruptorStream.Windows.Gaps;

namespace DisruptorStream.Tests.Durability.Plans;

/// <summary>What a comparison says of a directory, and what it refuses.</summary>
public sealed class StatePlanTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("plan-").FullName;

    private string PlanFile => Path.Combine(_directory, "exported.plan");

    private static BuildStep<string> One => Processors.Tumbling(100).Counting(ExecutionMode.Inline);

    private static StreamStep<Reading> Sites => Meter.Events()
        .Query("sites", query => query.By("site").TumblingWindows(TimeSpan.FromTicks(100))
            .Aggregate(a => a.Count("n").Sum("value").Percentiles("value", 50)))
        .Set();

    [Fact]
    public void Compare_NothingThere_IsNew()
    {
        var nowhere = Path.Combine(_directory, "nowhere");
        foreach (var directory in new[] { _directory, nowhere })
        {
            var comparison = StatePlan.Compare(directory, One.ToStatePlan());
            Assert.True(comparison.IsNew);
            Assert.Null(comparison.WhyRefused(PlanChangePolicy.Refuse));
            Assert.Null(StatePlan.In(directory));
        }

        Assert.False(Directory.Exists(nowhere));
    }

    [Fact]
    public async Task Compare_TheSamePlan_KeepsAll()
    {
        await Sites.In(_directory).RunAsync(stream => stream.Publish(10, 1));

        var comparison = StatePlan.Compare(_directory, Sites.Set(ExecutionMode.Fused).WithName("other").ToStatePlan());

        Assert.True(comparison.IsSame);
        Assert.False(comparison.ChangesState);
        Assert.All(comparison.Parts, part => Assert.Equal(PlanOutcome.Kept, part.Outcome));
        Assert.Equal(["sites"], StatePlan.In(_directory)!.Queries);
        Assert.Equal(Sites.ToStatePlan().Fingerprint, StatePlan.In(_directory)!.Fingerprint);
        Assert.Contains("query 'sites': kept", comparison.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Compare_EachWayToChange_SaysSo()
    {
        await Sites.In(_directory).RunAsync(stream => stream.Publish(10, 1));
        foreach (var (changed, kind, name, outcome) in Changes())
        {
            var comparison = StatePlan.Compare(_directory, changed.ToStatePlan());
            Assert.False(comparison.IsSame);
            var part = comparison.Parts.First(part => part.Kind == kind && part.Name == name);
            Assert.Equal(outcome, part.Outcome);
            Assert.Equal(outcome == PlanOutcome.Impossible, comparison.IsImpossible);

            var refused = Assert.Throws<DurabilityException>(() => changed.In(_directory).Build());
            Assert.Contains(part.ToString(), refused.Message, StringComparison.Ordinal);
            if (outcome == PlanOutcome.Impossible)
                Assert.Throws<DurabilityException>(() => changed.In(_directory, PlanChangePolicy.Apply).Build());
        }
    }

    /// <summary>An accumulator does not stay for a count alone.</summary>
    [Theory]
    [InlineData(true, PlanOutcome.Kept)]
    [InlineData(false, PlanOutcome.StartedEmpty)]
    public async Task Compare_ANewCount_IsReadWhereItsAccumulatorStays(bool keepsMean, PlanOutcome expected)
    {
        await With(static a => a.Average("mean", "value")).In(_directory).RunAsync(stream => stream.Publish(10, 1));
        var changed = With(a =>
        {
            _ = keepsMean ? a.Average("mean", "value").Count("n") : a.Percentiles("value", 50).Count("n");
        });

        var comparison = StatePlan.Compare(_directory, changed.ToStatePlan());

        var count = Assert.Single(comparison.Parts, part => part is { Kind: PlanPartKind.Metric, Name: "n" });
        Assert.Equal(expected, count.Outcome);

        static StreamStep<Reading> With(Action<AggregateBuilder<Reading>> metrics) => Meter.Events()
            .Query("sites", query => query.By("site").TumblingWindows(TimeSpan.FromTicks(100)).Aggregate(metrics))
            .Set();
    }

    [Fact]
    public async Task Compare_AnotherWindowOfAProcessor_SaysWhatItWasAndIs()
    {
        await using (var processor = One.DurableIn(_directory, Small).Build())
        {
            processor.Publish("a", 1, 1);
            await processor.StopAsync(StopMode.Suspend, TestContext.Current.CancellationToken);
        }

        await using var other = Processors.Tumbling(200).Counting(ExecutionMode.Inline).Build();
        var comparison = StatePlan.Compare(_directory, other.StatePlan);

        var why = comparison.WhyRefused(PlanChangePolicy.Apply);
        Assert.Contains("tumbling 00:00:00.0000100", why, StringComparison.Ordinal);
        Assert.Contains("tumbling 00:00:00.0000200", why, StringComparison.Ordinal);
        Assert.Contains("choose another directory", why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Compare_ARunningProcessor_CountsTheSlotsBehindItsSnapshot()
    {
        await using var stream = Sites.In(_directory).Build();
        stream.Publish(10, 1);
        await stream.Durability!.WhenDurableAsync(TestContext.Current.CancellationToken);

        Assert.True(StatePlan.Compare(_directory, stream.StatePlan).SlotsBehind > 0);
    }

    [Fact]
    public void Write_APlan_IsReadAgain()
    {
        var plan = Sites.ToStatePlan();
        plan.Write(PlanFile);

        var read = StatePlan.Read(PlanFile);

        Assert.Equal(plan.Fingerprint, read.Fingerprint);
        Assert.Equal(plan.ToString(), read.ToString());
        Assert.Equal(PlanRecordFormat.Write(plan.Record), PlanRecordFormat.Write(read.Record));
    }

    [Fact]
    public void Read_DamagedByAnyByteOrCut_IsRefused()
    {
        var bytes = PlanRecordFormat.Write(Sites.ToStatePlan().Record);
        for (var at = 0; at < bytes.Length; at += 7)
        {
            var damaged = (byte[])bytes.Clone();
            damaged[at] ^= 0x10;
            Assert.Throws<StateException>(() => PlanRecordFormat.Read(damaged));
            Assert.Throws<StateException>(() => PlanRecordFormat.Read(bytes.AsSpan(0, at)));
        }

        File.WriteAllBytes(PlanFile, bytes[..^1]);
        var refused = Assert.Throws<StateException>(() => StatePlan.Read(PlanFile));
        Assert.Contains(PlanFile, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Build_ARecordOfANewerRelease_IsRefused()
    {
        await Sites.In(_directory).RunAsync(stream => stream.Publish(10, 1));
        var store = new SnapshotStore(new FailingFiles(), _directory);
        using (var content = store.Open(store.List()[0].Sequence, out var info))
            store.Write(info with { PlanRecord = OfANewerRelease() }, content.CopyTo);

        var refused = Assert.Throws<DurabilityException>(() => Sites.In(_directory).Build());
        Assert.Contains("version 9", refused.Message, StringComparison.Ordinal);
        Assert.Throws<DurabilityException>(() => StatePlan.Compare(_directory, Sites.ToStatePlan()));
    }

    /// <summary>What a first run leaves that crashed before it took a snapshot says whose it is, too.</summary>
    [Fact]
    public async Task Compare_AJournalWithoutASnapshot_KnowsItsPlan()
    {
        await using (var stream = Sites.In(_directory).Build())
        {
            stream.Publish(10, 1);
            await stream.Durability!.WhenDurableAsync(TestContext.Current.CancellationToken);
        }

        foreach (var snapshot in Directory.GetFiles(_directory, "*.state"))
            File.Delete(snapshot);
        Assert.True(StatePlan.Compare(_directory, Sites.ToStatePlan()).IsSame);
        var other = Meter.Events().Query(
            "others", query => query.By("site").TumblingWindows(TimeSpan.FromTicks(9)).Aggregate(a => a.Count("n")));
        Assert.NotNull(StatePlan.Compare(_directory, other.ToStatePlan()).WhyRefused(PlanChangePolicy.Apply));
    }

    /// <summary>A directory in which nothing was handled yet has no state that could be lost.</summary>
    [Fact]
    public async Task Build_AChangeBeforeTheFirstSlot_IsAnewOne()
    {
        await using (Sites.In(_directory).Build())
        {
        }

        var other = Meter.Events()
            .Query("others", query => query.By("device", "site").TumblingWindows(TimeSpan.FromTicks(100))
                .Aggregate(a => a.Count("n")))
            .Set().In(_directory);
        for (var run = 0; run < 3; run++)
        {
            await using var stream = other.Build();
            stream.Publish(10 + run, 1);
            await stream.Durability!.WhenDurableAsync(TestContext.Current.CancellationToken);
        }

        var last = await other.RunAsync(static _ => { }, StopMode.Complete);
        Assert.Equal(3, Assert.Single(last.ResultsOf<(string, string)>("others")).GetInt64("n"));
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static DurabilityOptions Small => new() { SegmentBytes = 1 << 16 };

    private static IEnumerable<(StreamStep<Reading> Changed, PlanPartKind Kind, string Name, PlanOutcome Outcome)>
        Changes()
    {
        yield return (
            Sites.Query("two", query => query.By("device").TumblingWindows(TimeSpan.FromTicks(7))
                .Aggregate(a => a.Count("n"))).Set(),
            PlanPartKind.Query,
            "two",
            PlanOutcome.StartedEmpty);
        yield return (Other(100, 0.01, "n", "more"), PlanPartKind.Metric, "more", PlanOutcome.StartedEmpty);
        yield return (Other(100, 0.01), PlanPartKind.Metric, "n", PlanOutcome.Dropped);
        yield return (Other(200, 0.01, "n"), PlanPartKind.Query, "sites", PlanOutcome.Impossible);
        yield return (Other(100, 0.05, "n"), PlanPartKind.Metric, "value_p50", PlanOutcome.Impossible);
        yield return (
            StreamProcessorBuilder.For<Reading>().EventTime(reading => reading.Ticks)
                .Measure("value", reading => (long)reading.Value).Measure("weight", reading => reading.Weight)
                .Key("site", reading => reading.Site).Key("device", reading => reading.Device)
                .Query("sites", query => query.By("site").TumblingWindows(TimeSpan.FromTicks(100))
                    .Aggregate(a => a.Count("n"))).Set(),
            PlanPartKind.Measure,
            "value",
            PlanOutcome.Impossible);
        yield return (
            StreamProcessorBuilder.For<Reading>().EventTime(reading => reading.Ticks)
                .Measure("value", reading => reading.Value).Measure("weight", reading => reading.Weight)
                .Key("site", reading => reading.Weight).Key("device", reading => reading.Device)
                .Query("sites", query => query.By<long>("site").TumblingWindows(TimeSpan.FromTicks(100))
                    .Aggregate(a => a.Count("n"))).Set(),
            PlanPartKind.Key,
            "site",
            PlanOutcome.Impossible);
        yield return (
            Meter.Events().Query("sites", query => query.By("site").TumblingWindows(TimeSpan.FromTicks(100))
                .FillGaps(3, GapValues.Previous).Aggregate(a => a.Count("n").Sum("value").Percentiles("value", 50)))
                .Set(),
            PlanPartKind.Query,
            "sites",
            PlanOutcome.Impossible);
        yield return (Sites.InProcessingTime(), PlanPartKind.Input, "events", PlanOutcome.Impossible);
    }

    private static StreamStep<Reading> Other(long size, double error, params string[] counts) => Meter.Events()
        .Query("sites", query => query.By("site").TumblingWindows(TimeSpan.FromTicks(size))
            .Aggregate(a =>
            {
                foreach (var count in counts)
                    a = count == "n" ? a.Count(count) : a.Max(count, "weight");
                a.Sum("value").Percentile("value_p50", 50, "value", PercentileMode.Sketch(error));
            }))
        .Set();

    private static byte[] OfANewerRelease()
    {
        using var bytes = new MemoryStream();
        using (var writer = new StateWriter(bytes, new StateHeader(0, -1)))
        {
            writer.Begin(SectionTag.Plan, 9);
            writer.End();
            writer.Complete();
        }

        return bytes.ToArray();
    }
}
