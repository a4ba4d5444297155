using System.Security.Cryptography;
using DisruptorStream.Building.Streams;
using DisruptorStream.Durability;
using DisruptorStream.Emission;
using DisruptorStream.Testing.Sinks;
using DisruptorStream.Windows;

namespace DisruptorStream.Tests.Durability.Plans;

/// <summary>A stream starts in a directory with the state of another plan: what is the same goes on.</summary>
public sealed class PlanChangeTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("plan-").FullName;

    private static StreamStep<Reading> Sites => Meter.Events()
        .Query("sites", query => query.By("site").TumblingWindows(TimeSpan.FromTicks(100))
            .Aggregate(a => a.Count("n").Sum("value")))
        .Set();

    private static StreamStep<Reading> WithDevices => Sites
        .Query("devices", query => query.By("device").TumblingWindows(TimeSpan.FromTicks(100))
            .Aggregate(a => a.Count("n")));

    [Theory]
    [InlineData(ExecutionMode.Inline)]
    [InlineData(ExecutionMode.Fused)]
    [InlineData(ExecutionMode.Staged)]
    public async Task Build_QueriesComeAndGo_OthersGoOnWithTheirNumbers(ExecutionMode mode)
    {
        await WithDevices.Set(mode).In(_directory).RunAsync(stream =>
        {
            for (var ticks = 0; ticks < 250; ticks += 10)
                stream.Publish(ticks, 1);
        });

        var changed = Sites
            .Query("pairs", query => query.By("site", "device").TumblingWindows(TimeSpan.FromTicks(100))
                .Aggregate(a => a.Count("n")))
            .Set(mode).In(_directory, PlanChangePolicy.Apply);
        var stream = await changed.RunAsync(
            stream =>
            {
                Assert.Equal(2, stream.Durability!.Recovery.Remarks.Count(IsOfAQuery));
                stream.Publish(260, 1);
                stream.Publish(310, 1);
            },
            StopMode.Complete);

        var sites = stream.ResultsOf<string>("sites");
        Assert.Equal([(3L, 200L, 6L), (4L, 300L, 1L)], sites.ConvertAll(Line));
        var pairs = stream.ResultsOf<(string, string)>("pairs");
        Assert.Equal([(1L, 200L, 1L), (2L, 300L, 1L)], pairs.ConvertAll(Line));
    }

    /// <summary>What was published before the change is late or not by the watermark of then.</summary>
    [Fact]
    public async Task Build_ANewQuery_BeginsWhereEventTimeIs()
    {
        await Sites.In(_directory).RunAsync(stream => stream.Publish(1_000, 1));

        var stream = await WithDevices.In(_directory, PlanChangePolicy.Apply).RunAsync(
            stream =>
            {
                stream.Publish(10, 1);
                stream.Publish(1_010, 1);
                Assert.Equal(1, stream.Query<string>("devices").GetStats().LateDropped);
            },
            StopMode.Complete);

        Assert.Equal([(1L, 1_000L, 1L)], stream.ResultsOf<string>("devices").ConvertAll(Line));
    }

    [Fact]
    public async Task Build_AQueryThatComesBack_BeginsAnew()
    {
        await WithDevices.In(_directory).RunAsync(stream =>
        {
            stream.Publish(10, 1);
            stream.Publish(120, 1);
        });
        await Sites.In(_directory, PlanChangePolicy.Apply).RunAsync(stream => stream.Publish(130, 1));
        var stream = await WithDevices.In(_directory, PlanChangePolicy.Apply).RunAsync(
            stream => stream.Publish(140, 1), StopMode.Complete);

        Assert.Equal([(2L, 100L, 3L)], stream.ResultsOf<string>("sites").ConvertAll(Line));
        Assert.Equal([(1L, 100L, 1L)], stream.ResultsOf<string>("devices").ConvertAll(Line));
    }

    [Fact]
    public async Task Build_AChangeWithoutApply_IsRefusedAndTouchesNothing()
    {
        await Sites.In(_directory).RunAsync(stream => stream.Publish(10, 1));
        var before = Snapshot();

        var refused = Assert.Throws<DurabilityException>(() => WithDevices.In(_directory).Build());

        Assert.Contains("query 'devices': started empty", refused.Message, StringComparison.Ordinal);
        Assert.Contains("OnPlanChange", refused.Message, StringComparison.Ordinal);
        Assert.Equal(before, Snapshot());
        await Sites.In(_directory).RunAsync(stream => Assert.True(stream.Durability!.Recovery.Plan!.IsSame));
    }

    /// <summary>After a crash the slots behind the snapshot are those of the plan of before.</summary>
    [Fact]
    public async Task Build_AChangeBehindACrash_IsRefusedUntilThePlanOfBeforeHasStopped()
    {
        await CrashAsync(Sites);

        var refused = Assert.Throws<DurabilityException>(
            () => WithDevices.In(_directory, PlanChangePolicy.Apply).Build());
        Assert.Contains("StopMode.Suspend", refused.Message, StringComparison.Ordinal);

        await Sites.In(_directory).RunAsync(static _ => { });
        var stream = await WithDevices.In(_directory, PlanChangePolicy.Apply).RunAsync(
            stream => stream.Publish(20, 1), StopMode.Complete);
        Assert.Equal([(1L, 0L, 2L)], stream.ResultsOf<string>("sites").ConvertAll(Line));
    }

    /// <summary>Options that shape results: with them, what is handled again would give other results.</summary>
    [Fact]
    public async Task Build_OtherOptionsBehindACrash_AreRefusedAndAfterAStopTold()
    {
        await CrashAsync(Sites);
        foreach (var other in OtherOptions())
        {
            var refused = Assert.Throws<DurabilityException>(() => other.In(_directory).Build());
            Assert.True(refused.Message.Contains("StopMode.Suspend", StringComparison.Ordinal), refused.Message);
        }

        await Sites.In(_directory).RunAsync(static _ => { });
        foreach (var other in OtherOptions())
        {
            await other.In(_directory).RunAsync(stream =>
            {
                Assert.NotEmpty(stream.Durability!.Recovery.Plan!.Options);
                Assert.NotEmpty(stream.Durability.Recovery.Remarks);
                stream.Publish(20, 1);
            });
        }
    }

    [Fact]
    public async Task Build_MetricsComeAndGo_OthersKeepWhatTheyHave()
    {
        await Sites.In(_directory).RunAsync(stream =>
        {
            stream.Publish(10, 5);
            stream.Publish(20, 7);
        });

        // A maximum beside a sum makes one accumulator of both, where there is nothing saved.
        var changed = Meter.Events()
            .Query("sites", query => query.By("site").TumblingWindows(TimeSpan.FromTicks(100))
                .Aggregate(a => a.Sum("value").Max("most", "value").Average("mean", "value")
                    .Distinct("values", "value").Count("n").Count("more")))
            .Set();
        await changed.In(_directory, PlanChangePolicy.Apply).RunAsync(stream => stream.Publish(30, 1));
        var last = Meter.Events()
            .Query("sites", query => query.By("site").TumblingWindows(TimeSpan.FromTicks(100))
                .Aggregate(a => a.Count("n").Max("most", "value").StandardDeviation("spread", "value")))
            .Set();
        var stream = await last.In(_directory, PlanChangePolicy.Apply).RunAsync(
            stream =>
            {
                stream.Publish(40, 2);
                stream.Publish(50, 2);
            },
            StopMode.Complete);

        var result = Assert.Single(stream.ResultsOf<string>("sites"));
        Assert.Equal((5L, 2.0, 0.0), (result.GetInt64("n"), result["most"], result["spread"]));
    }

    [Fact]
    public async Task Build_MetricsAfterAChange_AreOfTheEventsThatTheySaw()
    {
        await Sites.In(_directory).RunAsync(stream => stream.Publish(10, 5));
        var changed = Meter.Events()
            .Query("sites", query => query.By("site").TumblingWindows(TimeSpan.FromTicks(100))
                .Aggregate(a => a.Sum("value").Max("most", "value").Average("mean", "value")
                    .Average("weights", "weight").Count("n")))
            .Set();
        var stream = await changed.In(_directory, PlanChangePolicy.Apply).RunAsync(
            stream => stream.Publish(30, 1), StopMode.Complete);

        // The mean is read from the sum that was there; the others are of the second event alone.
        var result = Assert.Single(stream.ResultsOf<string>("sites"));
        Assert.Equal(
            (6.0, 1.0, 3.0, 1.0, 2L),
            (result["value"], result["most"], result["mean"], result["weights"], result.GetInt64("n")));
    }

    /// <summary>A sink of a kept query is the same owner's; one of a new query must hold nothing.</summary>
    [Fact]
    public async Task Build_DurableSinks_GoOnOrMustBeNew()
    {
        var (sites, devices) = (new DurableTarget<string>(), new DurableTarget<string>());
        await With(sites, "sites").In(_directory).RunAsync(stream =>
        {
            stream.Publish(10, 1);
            stream.Publish(110, 1);
        });
        var fingerprint = sites.Owner!.PlanFingerprint;
        await With(sites, "sites")
            .Query("devices", query => Devices(query).To(new DurableCollectingSink<string>(devices)))
            .In(_directory, PlanChangePolicy.Apply)
            .RunAsync(stream => stream.Publish(210, 1));

        Assert.Equal([1L, 2L], sites.Results.Select(result => result.Number));
        Assert.Equal(fingerprint, sites.Owner.PlanFingerprint);
        Assert.Equal(0, devices.Held);
        await With(sites, "sites")
            .Query("devices", query => Devices(query).To(new DurableCollectingSink<string>(devices)))
            .In(_directory).RunAsync(stream => stream.Publish(310, 1));
        Assert.Equal(1, devices.Held);

        var refused = Assert.Throws<DurabilityException>(() => With(sites, "sites")
            .Query("others", query => Devices(query).To(new DurableCollectingSink<string>(devices)))
            .In(_directory, PlanChangePolicy.Apply).Build());
        Assert.Contains("holds results up to number 1 already", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Build_ASketchThatIsDropped_LeavesTheOthersAsTheyWere(string kind)
    {
        await Of(kind, withSketches: true).In(_directory).RunAsync(stream =>
        {
            for (var ticks = 0; ticks < 60; ticks++)
                stream.Publish(ticks, ticks % 7);
        });

        var stream = await Of(kind, withSketches: false).In(_directory, PlanChangePolicy.Apply).RunAsync(
            stream => stream.Publish(60, 1), StopMode.Complete);

        var result = stream.ResultsOf<string>("sites")[0];
        Assert.Equal((6.0, 7L), (result["most"], result.GetInt64("values")));
    }

    public static TheoryData<string> Kinds() => ["tumbling", "sliding", "session", "early", "levels", "retracting"];

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static StreamStep<Reading> Of(string kind, bool withSketches) => Meter.Events()
        .Query("sites", query =>
        {
            var by = query.By("site");
            var windows = kind switch
            {
                "sliding" => by.SlidingWindows(TimeSpan.FromTicks(100), TimeSpan.FromTicks(50)),
                "session" => by.SessionWindows(TimeSpan.FromTicks(50)),
                "levels" => by.TumblingWindows(TimeSpan.FromTicks(100), TimeSpan.FromTicks(1000)),
                _ => by.TumblingWindows(TimeSpan.FromTicks(100)),
            };
            if (kind == "early")
                windows = windows.Early(count: 25);
            if (kind == "retracting")
                windows = windows.Early(count: 25).Accumulation(AccumulationMode.Retracting);
            return windows.Aggregate(a =>
            {
                if (withSketches)
                    a.Percentiles("value", 50).Top("often", 2, "value").Distinct("weights", "weight").Sum("weight");
                a.Max("most", "value").Distinct("values", "value");
            });
        })
        .Set();

    private static StreamStep<Reading> With(DurableTarget<string> target, string name) => Meter.Events()
        .Query(name, query => query.By("site").TumblingWindows(TimeSpan.FromTicks(100))
            .Aggregate(a => a.Count("n")).To(new DurableCollectingSink<string>(target)))
        .Set();

    private static QueryOutputStep<Reading, string> Devices(QueryStep<Reading> query) => query
        .By("device").TumblingWindows(TimeSpan.FromTicks(100)).Aggregate(a => a.Count("n"));

    private static bool IsOfAQuery(string remark) => remark.Contains("query '", StringComparison.Ordinal);

    private static (long Number, long Start, long Count) Line<TKey>(WindowResult<TKey> result)
        where TKey : notnull => (result.Number, result.Window.StartTicks, result.GetInt64("n"));

    private static IEnumerable<StreamStep<Reading>> OtherOptions()
    {
        yield return Sites.Watermarks(new() { MaxOutOfOrderness = TimeSpan.FromTicks(5) });
        yield return Sites.ChangeOptions(options => options with { MaxSlices = 77 });
        yield return Meter.Events()
            .Query("sites", query => query.By("site").TumblingWindows(TimeSpan.FromTicks(100))
                .Aggregate(a => a.Count("n").Sum("value")).Having("n > 0"))
            .Set();

        // The last one: lateness that has come cannot be taken away.
        yield return Meter.Events()
            .Query("sites", query => query.By("site").TumblingWindows(TimeSpan.FromTicks(100))
                .AllowedLateness(TimeSpan.FromTicks(50)).Aggregate(a => a.Count("n").Sum("value")))
            .Set();
    }

    private async Task CrashAsync(StreamStep<Reading> step)
    {
        await using var stream = step.In(_directory).Build();
        stream.Publish(10, 1);
        await stream.Durability!.WhenDurableAsync(TestContext.Current.CancellationToken);
    }

    private List<string> Snapshot() =>
        [.. Directory.GetFiles(_directory).Order(StringComparer.Ordinal)
            .Select(file => $"{file} {Convert.ToHexString(SHA256.HashData(ReadShared(file)))}")];

    private static byte[] ReadShared(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }
}
