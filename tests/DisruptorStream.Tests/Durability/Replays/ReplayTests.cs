using DisruptorStream.Building;
using DisruptorStream.Building.Replays;
using DisruptorStream.Building.Streams;
using DisruptorStream.Durability;
using DisruptorStream.Emission;
using DisruptorStream.Testing.Sinks;
using DisruptorStream.Watermarks;

namespace DisruptorStream.Tests.Durability.Replays;

/// <summary>What a directory holds is handled again: the same results, and nothing there is touched.</summary>
public sealed class ReplayTests : IDisposable
{
    private const int Events = 3_000;

    private readonly string _directory = Directory.CreateTempSubdirectory("replay-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<ExecutionMode, DurabilityMode> Modes() => new(
        from mode in Enum.GetValues<ExecutionMode>()
        from durability in Enum.GetValues<DurabilityMode>()
        select (mode, durability));

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task Run_AllThatIsThere_GivesTheSameResults(ExecutionMode mode, DurabilityMode durability)
    {
        var expected = new CollectingSink<string>();
        await RecordAsync(Step(mode).To(expected), StopMode.Complete, durability: durability);

        var replayed = new CollectingSink<string>();
        var report = Replay.Run(_directory, Step(mode).To(replayed));

        Assert.Equal(LinesOf(expected), LinesOf(replayed));
        Assert.Equal(("default", 1L, (long)expected.Count, 0L), QueryOf(report));
        Assert.True(report.HasEnded);
        Assert.Equal(-1, report.SnapshotSequence);
        Assert.Empty(report.Remarks);
        Assert.Equal("OnComplete", replayed.Calls[^1]);
    }

    /// <summary>The state at each slot is that of a processor that has had the events so far.</summary>
    [Fact]
    public async Task Run_UntilASlotWithItsEnd_ShowsTheStateThere()
    {
        await RecordAsync(Step(ExecutionMode.Fused), StopMode.Suspend);
        var first = FirstEvent();
        foreach (var events in new[] { 1, 7, 500, 1_501, 2_999 })
        {
            var until = first + events - 1;
            var expected = new CollectingSink<string>();
            await using (var model = Step(ExecutionMode.Inline).To(expected).Build())
            {
                Publish(model, 0, events);
                await model.StopAsync(StopMode.Complete, Token);
            }

            var shown = new CollectingSink<string>();
            var report = Replay.Run(
                _directory,
                Step(ExecutionMode.Staged).To(shown),
                new ReplayOptions { Until = until, EndsInput = true });

            Assert.Equal(until, report.LastSequence);
            Assert.Equal(LinesOf(expected), LinesOf(shown).ConvertAll(line => line.Replace(" partial", "")));
            var query = Assert.Single(report.Queries);
            Assert.Equal(shown.Count, query.LastNumber + query.OpenResults);
            Assert.True(query.OpenResults > 0);
            Assert.All(shown.Results.Skip((int)query.LastNumber), result => Assert.True(result.IsPartial));
            Assert.All(shown.Results.Take((int)query.LastNumber), result => Assert.False(result.IsPartial));
        }
    }

    [Fact]
    public async Task Run_FromASlot_BeginsWithTheSnapshotBeforeIt()
    {
        var expected = new CollectingSink<string>();
        await using (var processor = Step(ExecutionMode.Inline).To(expected).DurableIn(_directory).Build())
        {
            Publish(processor, 0, 1_000);
            await processor.StopAsync(StopMode.Suspend, Token);
        }

        await using (var processor = Step(ExecutionMode.Inline).To(expected).DurableIn(_directory).Build())
        {
            Publish(processor, 1_000, Events);
            await processor.StopAsync(StopMode.Suspend, Token);
        }

        var replayed = new CollectingSink<string>();
        var report = Replay.Run(
            _directory, Step(ExecutionMode.Inline).To(replayed), new ReplayOptions { From = 2_000 });

        Assert.InRange(report.SnapshotSequence, 900, 1_100);
        Assert.NotEmpty(replayed.Results);
        Assert.Equal(LinesOf(expected)[^replayed.Count..], LinesOf(replayed));
        Assert.Equal(expected.Count, Assert.Single(report.Queries).LastNumber);
    }

    [Fact]
    public async Task Run_BehindTheEnd_SaysSo()
    {
        await RecordAsync(Step(ExecutionMode.Inline), StopMode.Suspend);

        var report = Replay.Run(_directory, Step(ExecutionMode.Inline), new ReplayOptions { Until = 1_000_000 });

        Assert.Contains("ends with slot 30", Assert.Single(report.Remarks), StringComparison.Ordinal);
        Assert.Contains("slots handled, from the first on", report.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_DurableSinks_AreLeftAlone()
    {
        var target = new DurableTarget<string>();
        await RecordAsync(
            Step(ExecutionMode.Inline).To(new DurableCollectingSink<string>(target)), StopMode.Complete);
        var (held, files) = (target.Held, FilesOf(_directory));

        var ordinary = new CollectingSink<string>();
        var durable = new DurableCollectingSink<string>(target);
        Replay.Run(_directory, Step(ExecutionMode.Inline).To(durable).To(ordinary));

        Assert.Equal(0, durable.Opened);
        Assert.Equal(held, target.Held);
        Assert.Equal(held, ordinary.Count);
        Assert.Equal(files, FilesOf(_directory));
    }

    /// <summary>It is only looked at, so that who has it goes on.</summary>
    [Fact]
    public async Task Run_WhileAnotherHasIt_GivesWhatIsThere()
    {
        var expected = new CollectingSink<string>();
        await using var processor = Step(ExecutionMode.Inline).To(expected).DurableIn(_directory).Build();
        Publish(processor, 0, 1_000);
        await processor.Durability!.WhenDurableAsync(Token);

        var replayed = new CollectingSink<string>();
        Replay.Run(_directory, Step(ExecutionMode.Inline).To(replayed));

        Assert.Equal(LinesOf(expected), LinesOf(replayed));
        processor.Publish("key-1", 1_000_000, 1);
        await processor.StopAsync(StopMode.Complete, Token);
        Assert.True(expected.Count > replayed.Count);
    }

    [Fact]
    public async Task Run_OfAnotherPlan_SaysWhatDiffers()
    {
        await RecordAsync(Step(ExecutionMode.Inline), StopMode.Suspend);

        var refused = Assert.Throws<DurabilityException>(() => Replay.Run(
            _directory,
            StreamProcessorBuilder.ForKeys<string>().TumblingWindows(TimeSpan.FromTicks(100))
                .Aggregate(a => a.Count("count").Sum("sum").Last("last"))));

        Assert.Contains("is not the one in", refused.Message, StringComparison.Ordinal);
        Assert.Contains("window", refused.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Run_OfADirectoryWithoutSlots_SaysSo()
    {
        var refused = Assert.Throws<DurabilityException>(() => Replay.Run(_directory, Step(ExecutionMode.Inline)));
        Assert.Contains("holds no slots", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Each dump of a flight recorder", refused.Message, StringComparison.Ordinal);
        Assert.ThrowsAny<IOException>(
            () => Replay.Run(Path.Combine(_directory, "missing"), Step(ExecutionMode.Inline)));
    }

    /// <summary>What failed then fails again, and the sinks are told.</summary>
    [Fact]
    public async Task Run_ASinkThatFails_FailsAtTheSameResult()
    {
        await RecordAsync(Step(ExecutionMode.Inline), StopMode.Suspend);
        var other = new CollectingSink<string>();

        var failed = Assert.ThrowsAny<StreamProcessorException>(
            () => Replay.Run(_directory, Step(ExecutionMode.Inline).To(other).To(new Unlucky(number: 40))));

        Assert.Equal("number 40", failed.GetBaseException().Message);
        Assert.Equal("OnComplete", other.Calls[^1]);
        Assert.NotNull(other.Failure);
    }

    [Fact]
    public async Task Run_OfAStream_GivesTheResultsOfEachQuery()
    {
        var (users, tenants) = (new CollectingSink<int>(), new CollectingSink<string>());
        await using (var stream = StreamStep(users, tenants).DurableIn(_directory).Build())
        {
            var random = new Random(3);
            for (var at = 0; at < Events; at++)
                stream.Publish(new Call(at, $"tenant-{random.Next(5)}", random.Next(20), random.Next(-9, 100)));
            await stream.StopAsync(StopMode.Suspend, Token);
        }

        var (againUsers, againTenants) = (new CollectingSink<int>(), new CollectingSink<string>());
        var report = Replay.Run(_directory, StreamStep(againUsers, againTenants));

        Assert.Equal(LinesOf(users), LinesOf(againUsers));
        Assert.Equal(LinesOf(tenants), LinesOf(againTenants));
        Assert.Equal(["users", "tenants"], report.Queries.Select(query => query.Name));
        Assert.Equal([users.Count, tenants.Count], report.Queries.Select(query => query.LastNumber));
    }

    private static StreamStep<Call> StreamStep(CollectingSink<int> users, CollectingSink<string> tenants) =>
        StreamProcessorBuilder.For<Call>()
            .EventTime(call => call.Ticks)
            .Measure("cost", call => call.Cost)
            .Key("tenant", call => call.Tenant)
            .Key("user", call => call.User)
            .Query("users", query => query.By<int>("user").SessionWindows(TimeSpan.FromTicks(30))
                .Aggregate(a => a.Count("count").Max("cost")).To(users))
            .Query("tenants", query => query.Where(call => call.Cost > 0).By("tenant")
                .TumblingWindows(TimeSpan.FromTicks(50), TimeSpan.FromTicks(500))
                .Aggregate(a => a.Sum("cost")).To(tenants))
            .WithOptions(Processors.Options(ExecutionMode.Inline));

    private static BuildStep<string> Step(ExecutionMode mode) =>
        StreamProcessorBuilder.ForKeys<string>()
            .SlidingWindows(TimeSpan.FromTicks(100), TimeSpan.FromTicks(25))
            .AllowedLateness(TimeSpan.FromTicks(50))
            .Aggregate(a => a.Count("count").Sum("sum").Last("last"))
            .WithWatermarks(new WatermarkOptions { MaxOutOfOrderness = TimeSpan.FromTicks(20) })
            .WithOptions(Processors.Options(mode));

    private static void Publish(StreamProcessor<string> processor, int first, int end)
    {
        var random = new Random(5);
        var publisher = processor.CreatePublisher("one");
        for (var at = 0; at < end; at++)
        {
            var (key, time, value) = ($"key-{random.Next(12)}", at + random.Next(-15, 16), random.Next(100));
            if (at >= first)
                publisher.Publish(key, time, value);
        }
    }

    private static List<string> LinesOf<TKey>(CollectingSink<TKey> sink)
        where TKey : notnull => sink.Results.Select(result => $"{result.Number} {result}").ToList();

    private static (string Name, long First, long Last, long Open) QueryOf(ReplayReport report)
    {
        var query = Assert.Single(report.Queries);
        return (query.Name, query.FirstNumber, query.LastNumber, query.OpenResults);
    }

    private static List<string> FilesOf(string directory) =>
    [
        .. Directory.GetFiles(directory).Order(StringComparer.Ordinal)
            .Select(path => $"{path} {Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(
                File.ReadAllBytes(path)))}"),
    ];

    /// <summary>The slot of the first event: what comes before tells of the source and the like.</summary>
    private long FirstEvent()
    {
        for (var until = 0; ; until++)
        {
            var report = Replay.Run(
                _directory, Step(ExecutionMode.Inline), new ReplayOptions { Until = until, EndsInput = true });
            if (Assert.Single(report.Queries).OpenResults > 0)
                return until;
        }
    }

    /// <summary>All in one segment, which is not recycled behind the snapshot of the stop.</summary>
    private async Task RecordAsync(
        BuildStep<string> step, StopMode stop, DurabilityMode durability = DurabilityMode.Async)
    {
        await using var processor = step
            .To(new CollectingSink<string>())
            .DurableIn(_directory, new DurabilityOptions { Mode = durability, SegmentBytes = 1 << 20 })
            .Build();
        processor.Start();
        Publish(processor, 0, Events);
        await processor.StopAsync(stop, Token);
    }

    private readonly record struct Call(long Ticks, string Tenant, int User, double Cost);

    private sealed class Unlucky : IResultSink<string>
    {
        private readonly long _number;

        public Unlucky(long number) => _number = number;

        public void OnResults(ResultBatch<string> batch)
        {
            foreach (var result in batch)
            {
                if (result.Number == _number)
                    throw new InvalidOperationException($"number {_number}");
            }
        }
    }
}
