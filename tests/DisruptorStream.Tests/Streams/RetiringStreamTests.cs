using CsCheck;
using DisruptorStream.Building.Streams;
using DisruptorStream.Emission;
using DisruptorStream.Ingest;
using DisruptorStream.Streams;
using DisruptorStream.Testing;
using DisruptorStream.Watermarks;

namespace DisruptorStream.Tests.Streams;

/// <summary>Keys of a stream come and go: those of several queries, and those that others are made of.</summary>
public sealed class RetiringStreamTests
{
    private const long Round = TimeSpan.TicksPerSecond;
    private const long Retention = 2 * Round;
    private const int Rounds = 60;
    private const int Publishers = 4;
    private const int EventsPerRound = 60;
    private const int KeysPerRound = 12;
    private const int MaxKeys = 256;
    private const int MostSettles = 10_000;

    private readonly record struct Reading(long Ticks, string User, int Device, bool Counts);

    private readonly VirtualClock _clock = new() { Ticks = 0 };

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>
    /// Each round has keys of its own, some of them of earlier rounds; far more in all than there are ids. No count is
    /// another key's, no event is refused for want of an id, and in the end none is taken.
    /// </summary>
    [Theory]
    [InlineData(ExecutionMode.Fused)]
    [InlineData(ExecutionMode.Staged)]
    public async Task Publish_ManyThreadsAndKeysThatComeAndGo_CountsAreRightAndIdsAreReleased(ExecutionMode mode)
    {
        var counts = new Counts();
        await using var stream = Step(counts, mode).Build();
        stream.Start();
        var sources = Enumerable.Range(0, Publishers).Select(one => stream.CreateEventPublisher($"{one}")).ToArray();
        var published = new List<Reading>();
        for (var round = 0; round < Rounds; round++)
        {
            var events = Enumerable.Range(0, Publishers).Select(one => EventsOf(round, one)).ToArray();
            published.AddRange(events.SelectMany(of => of));
            await Task.WhenAll(Enumerable.Range(0, Publishers).Select(one => Task.Run(() =>
            {
                foreach (var reading in events[one])
                    sources[one].Publish(reading);
            })));
            await MoveClockAsync(stream);
        }

        foreach (var source in sources)
            source.Complete();
        await SettleAsync(stream, keys: 0);
        var stats = stream.GetStats();

        Assert.Equal(0, stats.Keys);
        Assert.Equal(0, stats.EventsDropped);
        Assert.Equal(published.Count, stats.EventsProcessed);
        Assert.Equal(Model(published, one => one.User, _ => true), counts.Of("users"));
        Assert.Equal(Model(published, one => one.User, one => one.Counts), counts.Of("some"));
        Assert.Equal(Model(published, one => one.Device, _ => true), counts.Of("devices"));
        Assert.Equal(Model(published, one => (one.User, one.Device), _ => true), counts.Of("pairs"));
        Assert.Equal(Model(published, one => one.User, _ => true), counts.Of("again"));
        await stream.StopAsync(StopMode.Complete, Cancelled);
    }

    /// <summary>
    /// One is saved half way and goes on, another goes on from there: in the end both are saved alike, byte for byte.
    /// </summary>
    [Fact]
    public async Task SaveState_LoadedHalfWay_SameBytesAsWithout() =>
        await Gen.Select(Gen.Int[0, 9].Array[2, 120], Gen.Int[0, 119]).SampleAsync(
            async (steps, half) =>
            {
                var clock = new VirtualClock { Ticks = 0 };
                await using var whole = Step(new Counts(), ExecutionMode.Inline, clock).Build();
                var source = whole.CreateEventPublisher("first");
                var split = half % steps.Length;
                Apply(whole, source, clock, steps.AsSpan(0, split));
                source.MarkIdle();
                using var state = new MemoryStream();
                await whole.SaveStateAsync(state, Cancelled);
                state.Position = 0;
                var loadedClock = new VirtualClock { Ticks = clock.Ticks };
                await using var loaded = Step(new Counts(), ExecutionMode.Inline, loadedClock).Load(state);

                // The loaded one looks at the clock first.
                whole.Advance();
                Apply(whole, whole.CreateEventPublisher("second"), clock, steps.AsSpan(split));
                Apply(loaded, loaded.CreateEventPublisher("second"), loadedClock, steps.AsSpan(split));
                Assert.Equal(await SavedAsync(whole), await SavedAsync(loaded));
            },
            iter: 200);

    private static void Apply(
        EventStream<Reading> stream, EventPublisher<Reading> source, VirtualClock clock, ReadOnlySpan<int> steps)
    {
        foreach (var step in steps)
        {
            if (step < 3)
            {
                clock.Ticks += (step + 1) * Retention / 4;
                stream.Advance();
            }
            else
            {
                source.Publish(new Reading(clock.Ticks, $"user{step % 4}", step % 3, step % 2 == 0));
            }
        }
    }

    private static async Task<byte[]> SavedAsync(EventStream<Reading> stream)
    {
        using var state = new MemoryStream();
        await stream.SaveStateAsync(state, Cancelled);
        return state.ToArray();
    }

    /// <summary>What one thread publishes in a round: keys of the round, and some that went long ago.</summary>
    private static Reading[] EventsOf(int round, int publisher)
    {
        var random = new Random((round * Publishers) + publisher);
        var events = new Reading[EventsPerRound];
        for (var at = 0; at < events.Length; at++)
        {
            var of = random.Next(5) == 0 ? round % 7 : round;
            var key = (of * KeysPerRound) + random.Next(KeysPerRound);
            events[at] = new Reading(
                (round * Round) + (at * Round / EventsPerRound), $"user{key}", key % 37, random.Next(2) == 0);
        }

        return events;
    }

    private static SortedDictionary<string, long> Model<TKey>(
        List<Reading> events, Func<Reading, TKey> keyOf, Func<Reading, bool> passes) => new(
            events.Where(passes).GroupBy(one => $"{keyOf(one)} {one.Ticks / Round * Round}")
                .ToDictionary(group => group.Key, group => (long)group.Count()),
            StringComparer.Ordinal);

    /// <summary>What is idle by now goes, at the latest within the next two passes.</summary>
    private async Task MoveClockAsync(EventStream<Reading> stream)
    {
        for (var quarter = 0; quarter < 2; quarter++)
        {
            _clock.Ticks += Retention / 4;
            stream.Advance();
            await stream.FlushAsync(Cancelled);
        }
    }

    private async Task SettleAsync(EventStream<Reading> stream, int keys)
    {
        for (var at = 0; at < MostSettles && stream.GetStats().Keys > keys; at++)
            await MoveClockAsync(stream);
    }

    private StreamStep<Reading> Step(Counts counts, ExecutionMode mode) => Step(counts, mode, _clock);

    private static StreamStep<Reading> Step(Counts counts, ExecutionMode mode, VirtualClock clock)
    {
        var size = TimeSpan.FromTicks(Round);
        return StreamProcessorBuilder.For<Reading>()
            .EventTime(reading => reading.Ticks)
            .Key("user", reading => reading.User)
            .Key("device", reading => reading.Device)
            .Key("part", reading => reading.Device)
            .Query("users", query => query.By("user").TumblingWindows(size)
                .Aggregate(a => a.Count("count")).To(counts.Sink<string>("users")))
            .Query("devices", query => query.By<int>("device").TumblingWindows(size)
                .Aggregate(a => a.Count("count")).To(counts.Sink<int>("devices")))
            .Query("some", query => query.Where(reading => reading.Counts).By("user").TumblingWindows(size)
                .Aggregate(a => a.Count("count")).To(counts.Sink<string>("some")))
            .Query("pairs", query => query.By<string, int>("user", "part").TumblingWindows(size)
                .Aggregate(a => a.Count("count")).To(counts.Sink<(string, int)>("pairs")))
            .Query("again", query => query.From("pairs").By("user").TumblingWindows(size)
                .Aggregate(a => a.Sum("count")).To(counts.Sink<string>("again")))
            .Watermarks(new WatermarkOptions { MaxOutOfOrderness = size })
            .WithTimeProvider(clock)
            .WithOptions(Processors.Options(mode) with
            {
                RingCapacity = 256,
                MaxKeys = MaxKeys,
                WindowRetention = TimeSpan.FromTicks(Retention),
                AllowLateEvents = false,
            });
    }

    /// <summary>What the queries counted, for each key and window.</summary>
    private sealed class Counts
    {
        private readonly Dictionary<string, SortedDictionary<string, long>> _of = [];

        public SortedDictionary<string, long> Of(string query) => _of[query];

        public CountSink<TKey> Sink<TKey>(string query)
        {
            _of[query] = new SortedDictionary<string, long>(StringComparer.Ordinal);
            return new CountSink<TKey>(_of[query]);
        }
    }

    private sealed class CountSink<TKey> : IResultSink<TKey>
    {
        private readonly SortedDictionary<string, long> _counts;

        public CountSink(SortedDictionary<string, long> counts) => _counts = counts;

        public void OnResults(ResultBatch<TKey> batch)
        {
            foreach (var result in batch)
            {
                var window = $"{result.Key} {result.Window.StartTicks}";
                _counts[window] = _counts.GetValueOrDefault(window) + (long)result["count"];
            }
        }
    }
}
