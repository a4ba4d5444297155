using System.Globalization;
using CsCheck;
using DisruptorStream.Building.Streams;
using DisruptorStream.Emission;
using DisruptorStream.Events;
using DisruptorStream.Ingest;
using DisruptorStream.Streams;
using DisruptorStream.Tests.Streams.Cases;
using DisruptorStream.Watermarks;
using Microsoft.Extensions.Time.Testing;

namespace DisruptorStream.Tests.Streams;

/// <summary>A jump guard decides once for all queries of a stream.</summary>
public sealed class GuardedStreamTests
{
    private const int Sources = 2;
    private const int Bound = 3;
    private const int Jump = 40;

    private static readonly Gen<ExecutionMode> Modes =
        Gen.OneOf(Gen.Const(ExecutionMode.Inline), Gen.Const(ExecutionMode.Fused), Gen.Const(ExecutionMode.Staged));

    // Most events go on slowly; some are far ahead, alone or several in a row.
    private static readonly Gen<Hit[]> Hits = Gen.Select(
        Gen.Int[0, Sources - 1],
        Gen.Frequency((12, Gen.Int[-6, 6]), (2, Gen.Int[45, 60]), (1, Gen.Int[500, 900])),
        Gen.Frequency((9, Gen.Int[1, 4]), (1, Gen.Const(0))),
        Gen.Int[1, 3],
        Gen.Frequency((19, Gen.Const(false)), (1, Gen.Const(true)))).Array[5, 60].Select(steps =>
        {
            var hits = new Hit[steps.Length];
            for (var at = 0; at < hits.Length; at++)
            {
                var (source, ahead, device, site, isNaN) = steps[at];
                hits[at] = new Hit(
                    at, source, at + ahead, device == 0 ? null : $"d{device}", $"s{site}", isNaN ? double.NaN : at);
            }

            return hits;
        });

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>
    /// The queries give what they give without a guard where the events come as the model takes them.
    /// </summary>
    [Fact]
    public async Task Results_AnyEvents_EqualThoseWithoutAGuardInTheOrderOfTheModel()
    {
        var (refused, released, lines) = (0L, 0L, 0L);
        await Gen.Select(Hits, Modes, Modes, Gen.Int[0, 30], Gen.Bool, Gen.Int[1, 3]).SampleAsync(
            async (hits, mode, further, restart, bySite, keys) =>
            {
                var guard = new JumpGuardOptions(TimeSpan.FromTicks(Jump))
                {
                    Key = bySite ? "site" : "device",
                    Keys = keys,
                    Events = 4,
                };
                var model = new GuardModel(Jump, keys, events: 4, Bound, Sources);
                foreach (var hit in hits)
                    model.Publish(new(hit.Number, hit.Source, hit.Time, bySite ? hit.Site : hit.Device));
                var before = model.Taken.Count;
                model.End();
                Interlocked.Add(ref refused, model.Refused.Count);
                Interlocked.Add(ref released, model.Taken.Count - before);

                var expected = await RunAsync(
                    [.. model.Taken.Select(taken => hits[taken.Number])], null, ExecutionMode.Inline);
                var found = await RunAsync(hits, guard, mode, further, restart);
                Interlocked.Add(ref lines, expected.Lines.Count);

                Assert.Equal(Said(expected.Lines), Said(found.Lines));
                Assert.Equal(model.Refused.Count, found.Stats.DroppedBy(DropReason.TimestampJump));
                Assert.Equal(hits.Length, found.Stats.EventsProcessed);
                Assert.Equal(expected.Stats.LateDropped, found.Stats.LateDropped);
                Assert.Equal(
                    model.Refused.Where(one => hits[one.Number].Site != "s1").Select(one => one.Number).Order(),
                    found.Refused.Order());
            },
            iter: 150);
        Assert.True(refused > 100 && released > 30 && lines > 2000, $"{refused} {released} {lines}");
    }

    [Theory]
    [InlineData(null, "does not say which one tells the clocks apart; set Key")]
    [InlineData("devise", "looks at the key 'devise', which its events do not have")]
    public void Build_GuardWithoutAKeyOfTheStream_IsRefused(string? key, string message)
    {
        var guard = new JumpGuardOptions(TimeSpan.FromTicks(Jump)) { Key = key };

        var error = Assert.Throws<ArgumentException>(() => Step(new Sink(), guard, ExecutionMode.Inline).Build());

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Build_NoEventMovesTime_IsRefused(bool processingTime)
    {
        var watermarks = new WatermarkOptions
        {
            MaxOutOfOrderness = processingTime ? TimeSpan.Zero : null,
            JumpGuard = new JumpGuardOptions(TimeSpan.FromTicks(Jump)),
        };
        var step = OfSites(watermarks);
        if (processingTime)
            step = step.InProcessingTime();

        Assert.Contains(
            "no event moves event time",
            Assert.Throws<ArgumentException>(() => step.Build()).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Build_ProcessorWhoseGuardNamesAKey_IsRefused()
    {
        var guard = new JumpGuardOptions(TimeSpan.FromTicks(Jump)) { Key = "site" };

        var error = Assert.Throws<ArgumentException>(() => Processors.Tumbling(10)
            .Watermarks(new WatermarkOptions { JumpGuard = guard }).Counting(ExecutionMode.Inline).Build());

        Assert.Contains("a processor has one key", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Build_OneKey_IsTheOneThatIsLookedAt()
    {
        var guard = new JumpGuardOptions(TimeSpan.FromTicks(Jump));
        var calls = OfSites(new WatermarkOptions { JumpGuard = guard }).Build();

        calls.Publish(new Hit(0, 0, 0, null, "s1", 1));

        Assert.Equal(1, calls.GetStats().EventsHeld);
        Assert.Contains("jumps of", calls.ExplainPlan().Watermarks, StringComparison.Ordinal);
    }

    /// <summary>A key that an event has which is held is not given up, whichever of its keys it is.</summary>
    [Theory]
    [InlineData(ExecutionMode.Inline)]
    [InlineData(ExecutionMode.Fused)]
    [InlineData(ExecutionMode.Staged)]
    public async Task Retirement_KeysOfHeldEvents_Stay(ExecutionMode mode)
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddHours(1));
        var sink = new Sink();
        var guard = new JumpGuardOptions(TimeSpan.FromTicks(Jump)) { Key = "device", Keys = 2 };
        await using var stream = Step(sink, guard, mode)
            .ChangeOptions(options => options with { WindowRetention = TimeSpan.FromSeconds(1) })
            .WithTimeProvider(time)
            .Build();
        stream.Start();
        var publishers = Array.ConvertAll([0, 1], source => stream.CreateEventPublisher($"source {source}"));
        publishers[0].Publish(new Hit(1, 0, 1, "d1", "s7", 1));
        for (var second = 0; second < 20; second++)
        {
            await stream.FlushAsync(Token);
            time.Advance(TimeSpan.FromSeconds(1));
            stream.Advance();
        }

        // A new key would have the number of one that has gone.
        publishers[0].Publish(new Hit(2, 0, 2, "d2", "s8", 2));
        await stream.StopAsync(StopMode.Complete, Token);

        Assert.Contains("sites s7 0..20 OnTime 0: 1 1", sink.Lines);
        Assert.Contains("sites s8 0..20 OnTime 0: 1 2", sink.Lines);
        Assert.Contains("devices d1 0..10 OnTime 0: 1 1", sink.Lines);
    }

    private static StreamStep<Hit> OfSites(WatermarkOptions watermarks) => StreamProcessorBuilder.For<Hit>()
        .EventTime(hit => hit.Time)
        .Key("site", hit => hit.Site)
        .Query("all", query => query.By("site").TumblingWindows(TimeSpan.FromTicks(10))
            .Aggregate(a => a.Count("count")))
        .Watermarks(watermarks)
        .WithOptions(Processors.Options(ExecutionMode.Inline));

    private static IEnumerable<string> Said(IEnumerable<string> lines) => lines.Order(StringComparer.Ordinal);

    private static async Task<(List<string> Lines, List<int> Refused, ProcessorStats Stats)> RunAsync(
        Hit[] hits, JumpGuardOptions? guard, ExecutionMode mode, ExecutionMode? further = null, int restart = 0)
    {
        var sink = new Sink();
        var stream = Step(sink, guard, mode).Build();
        try
        {
            stream.Start();
            var publishers = PublishersOf(stream);
            for (var at = 0; at < hits.Length; at++)
            {
                if (at == restart && further is { } next)
                {
                    using var state = new MemoryStream();
                    await stream.SaveStateAsync(state, Token);
                    await stream.DisposeAsync();
                    state.Position = 0;
                    stream = Step(sink, guard, next).Load(state);
                    stream.Start();
                    publishers = PublishersOf(stream);
                }

                publishers[hits[at].Source].Publish(hits[at]);
            }

            await stream.StopAsync(StopMode.Complete, Token);
            return (sink.Lines, sink.Refused, stream.GetStats());
        }
        finally
        {
            await stream.DisposeAsync();
        }
    }

    private static EventPublisher<Hit>[] PublishersOf(EventStream<Hit> stream) =>
        [.. Enumerable.Range(0, Sources).Select(source => stream.CreateEventPublisher($"source {source}"))];

    private static StreamStep<Hit> Step(Sink sink, JumpGuardOptions? guard, ExecutionMode mode) =>
        StreamProcessorBuilder.For<Hit>()
            .EventTime(hit => hit.Time)
            .Measure("number", hit => hit.Number)
            .Measure("value", hit => hit.Value)
            .Key("site", hit => hit.Site)
            .Key("device", hit => hit.Device)
            .Query("devices", query => query.By("device").TumblingWindows(TimeSpan.FromTicks(10))
                .Aggregate(a => a.Count("count").Sum("sum", "value")).To(sink.Of<string>("devices")))
            .Query("sites", query => query.Where(hit => hit.Site != "s1").By("site")
                .SlidingWindows(TimeSpan.FromTicks(20), TimeSpan.FromTicks(10))
                .Aggregate(a => a.Count("count").Sum("sum", "value"))
                .To(sink.Of<string>("sites")).DroppedEventsTo(sink))
            .Query("visits", query => query.Where(hit => hit.Number % 3 != 0).By("site", "device")
                .SessionWindows(TimeSpan.FromTicks(15)).AllowedLateness(TimeSpan.FromTicks(20))
                .Aggregate(a => a.Count("count")).To(sink.Of<(string, string)>("visits")))
            .Query("own", query => query.By("device").TumblingWindows(TimeSpan.FromTicks(10))
                .WatermarksPerKey(TimeSpan.Zero)
                .Aggregate(a => a.Count("count")).To(sink.Of<string>("own")))
            .Query("tens", query => query.From("devices").By("device").TumblingWindows(TimeSpan.FromTicks(100))
                .Aggregate(a => a.Sum("sum", "count")).To(sink.Of<string>("tens")))
            .Watermarks(new WatermarkOptions { MaxOutOfOrderness = TimeSpan.FromTicks(Bound), JumpGuard = guard })
            .WithTimeProvider(new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddHours(1)))
            .WithOptions(Processors.Options(mode));

    private readonly record struct Hit(
        int Number, int Source, long Time, string? Device, string Site, double Value);

    /// <summary>Results of all queries as lines, and the numbers of the events that were refused as jumps.</summary>
    private sealed class Sink : IDroppedEventSink<string>
    {
        public List<string> Lines { get; } = [];

        public List<int> Refused { get; } = [];

        public IResultSink<TKey> Of<TKey>(string query)
            where TKey : notnull => new QuerySink<TKey>(query, Lines);

        public void OnDropped(in DroppedEvent<string> dropped)
        {
            if (dropped.Reason == DropReason.TimestampJump)
                Refused.Add((int)dropped.RawMeasures[0]);
        }

        private sealed class QuerySink<TKey> : IResultSink<TKey>
            where TKey : notnull
        {
            private readonly string _query;
            private readonly List<string> _lines;

            public QuerySink(string query, List<string> lines) => (_query, _lines) = (query, lines);

            public void OnResults(ResultBatch<TKey> batch)
            {
                lock (_lines)
                {
                    foreach (var result in batch)
                    {
                        var values = string.Join(
                            ' ',
                            Enumerable.Range(0, batch.Schema.Count).Select(result.GetDouble)
                                .Select(value => value.ToString(CultureInfo.InvariantCulture)));
                        _lines.Add(string.Create(
                            CultureInfo.InvariantCulture,
                            $"{_query} {result.Key} {result.Window.StartTicks}..{result.Window.EndTicks} "
                                + $"{result.Timing} {result.PaneIndex}: {values}"));
                    }
                }
            }
        }
    }
}
