using DisruptorStream.Aggregation;
using DisruptorStream.Building.Replays;
using DisruptorStream.Building.Streams;
using DisruptorStream.Durability;
using DisruptorStream.Sources;
using DisruptorStream.Streams;
using DisruptorStream.Testing;
using DisruptorStream.Testing.Sinks;
using DisruptorStream.Watermarks;

namespace DisruptorStream.Tests.Sources;

/// <summary>
/// Streams whose journal has only the order: combined keys, filters, symbols, keys that go and come back under other
/// numbers, a clock, events that are no whole ones, and some that are left out.
/// </summary>
public sealed class OrderStreamTests : IDisposable
{
    private const int FirstPart = 900;
    private const int Events = 1_800;
    private const double BadCost = 666;

    private static readonly SourceOptions Order = new()
    {
        Journal = SourceJournal.Order,
        BatchEvents = 70,
        OnBadRecord = BadRecordPolicy.Skip,
        RetryDelay = TimeSpan.FromMilliseconds(1),
    };

    private readonly string _directory = Directory.CreateTempSubdirectory("order-stream-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData(ExecutionMode.Fused)]
    [InlineData(ExecutionMode.Staged)]
    public async Task Run_KeysThatGoAndComeBack_GivesTheSameResultsBitForBit(ExecutionMode mode)
    {
        var (live, again, back) = (new Sinks(), new Sinks(), new Sinks());
        var clock = new VirtualClock { Ticks = TimeSpan.TicksPerDay };
        GatedSource[] sources = [new(CallsOf(1)), new(CallsOf(2))];
        await using (var stream = Step(mode, sources, live, clock)
            .DurableIn(_directory, new DurabilityOptions { Snapshots = SnapshotMethod.Copy })
            .Build())
        {
            stream.Start();
            var beside = stream.CreateEventPublisher("beside");
            foreach (var call in CallsOf(3)[..200])
            {
                if (call.Cost != BadCost)
                    beside.Publish(call);
            }

            beside.Complete();
            var good = (2 * GoodOf(FirstPart)) + GoodOf(200);
            await Processors.UntilAsync(() => stream.GetStats().EventsProcessed >= good);
            await RetireAsync(stream, clock);
            foreach (var source in sources)
                source.Open();
            await Processors.UntilAsync(
                () => stream.GetStats().Readers.All(reader => reader.State == SourceReaderState.Completed));
            await stream.Durability!.WhenDurableAsync(TestContext.Current.CancellationToken);
            await stream.StopAsync(StopMode.Abort, TestContext.Current.CancellationToken);
        }

        // The clock is put back: what was accepted then is too far ahead now.
        clock = new VirtualClock { Ticks = TimeSpan.TicksPerSecond };
        var report = Replay.Run(
            _directory, Step(mode, sources, again, clock), new ReplayOptions { From = 0 });
        Assert.True(report.LastSequence > 2 * GoodOf(Events), report.ToString());
        var refused = RefusedWithAnotherUser(mode, sources[1], clock);
        Assert.Contains("gives other events", refused, StringComparison.Ordinal);
        await using (Step(mode, sources, back, clock)
            .DurableIn(_directory, new DurabilityOptions { Snapshots = SnapshotMethod.Copy })
            .Build())
        {
            Assert.All(sources, source => Assert.True(source.Opened > 2, "It was not read again."));
        }

        // The abort took the last results.
        foreach (var (before, after) in live.Lines.Zip(again.Lines))
        {
            Assert.True(before.Count > 100, $"There are {before.Count} results.");
            Assert.Equal(before, after.Take(before.Count));
        }
    }

    [Fact]
    public void Build_WhatDoesNotGoTogether_IsRefused()
    {
        var clock = new VirtualClock();
        var source = new GatedSource(CallsOf(1));
        var copying = new DurabilityOptions { Snapshots = SnapshotMethod.Copy };
        StreamStep<Call> Fused() => Step(ExecutionMode.Fused, [source], new Sinks(), clock);

        Assert.Contains("build it with DurableIn", Refused(Fused()), StringComparison.Ordinal);
        Assert.Contains("shadow", Refused(Fused().DurableIn(_directory)), StringComparison.Ordinal);
        Assert.Contains(
            "by the clock",
            Refused(Fused().InProcessingTime().DurableIn(_directory, copying)),
            StringComparison.Ordinal);
        Assert.Contains(
            "cannot seek",
            Refused(Step(ExecutionMode.Fused, [], new Sinks(), clock)
                .ReadFrom("source", (IAcknowledgedSource<Call>)source, Order)
                .DurableIn(_directory, copying)),
            StringComparison.Ordinal);
        Assert.Contains(
            "an Inline processor",
            Refused(Step(ExecutionMode.Inline, [source], new Sinks(), clock).DurableIn(_directory, copying)),
            StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_directory));

        static string Refused(StreamStep<Call> step) => Assert.Throws<ArgumentException>(() => step.Build()).Message;
    }

    /// <summary>The second key lies beside the slot.</summary>
    private string RefusedWithAnotherUser(ExecutionMode mode, GatedSource second, VirtualClock clock)
    {
        var calls = CallsOf(1);
        var place = Array.FindIndex(
            calls, 400, call => call.Tenant is not null && call.Cost != BadCost && double.IsFinite(call.Cost));
        calls[place] = calls[place] with { User = calls[place - 1].User };
        var first = new GatedSource(calls);
        first.Open();
        return Assert.Throws<DurabilityException>(() => Step(mode, [first, second], new Sinks(), clock)
            .DurableIn(_directory, new DurabilityOptions { Snapshots = SnapshotMethod.Copy })
            .Build()).Message;
    }

    private static int GoodOf(int events) => CallsOf(1)[..events].Count(call => call.Cost != BadCost);

    private static Call[] CallsOf(int seed)
    {
        var random = new Random(seed);
        var calls = new Call[Events];
        for (var index = 0; index < calls.Length; index++)
        {
            // Behind the first part there are mostly others; some have come back.
            var names = index < FirstPart ? 0 : 7;
            calls[index] = new Call(
                TimeSpan.TicksPerDay + index + random.Next(20),
                index % 150 == 149 ? null : $"tenant-{names + random.Next(10)}",
                (names * 3) + random.Next(30),
                $"model-{index / 400}",
                index % 90 == 89 ? double.NaN
                    : index % 35 == 34 ? BadCost : random.Next(-50, 50) + random.NextDouble());
        }

        return calls;
    }

    private static StreamStep<Call> Step(ExecutionMode mode, GatedSource[] sources, Sinks sinks, VirtualClock clock)
    {
        var step = StreamProcessorBuilder.For<Call>()
            .EventTime(call => call.Ticks)
            .Measure("cost", call => call.Cost == BadCost ? throw new FormatException("bad") : call.Cost)
            .Symbol("model", new SymbolTable(), call => call.Model)
            .Key("tenant", call => call.Tenant)
            .Key("user", call => call.User)
            .Query("tenants", query => query.By("tenant").TumblingWindows(TimeSpan.FromTicks(50))
                .Aggregate(a => a.Count("count").Sum("cost").Distinct("models", "model")).To(sinks.Tenants))
            .Query("users", query => query.Where(call => call.Cost > 0).By<int>("user")
                .SlidingWindows(TimeSpan.FromTicks(40), TimeSpan.FromTicks(20))
                .Aggregate(a => a.Count("count").Max("cost")).To(sinks.Users))
            .Query("pairs", query => query.By<string, int>("tenant", "user").TumblingWindows(TimeSpan.FromTicks(30))
                .Aggregate(a => a.Sum("cost")).To(sinks.Pairs))
            .Watermarks(new WatermarkOptions { MaxOutOfOrderness = TimeSpan.FromTicks(20) })
            .WithTimeProvider(clock)
            .WithOptions(Processors.Options(mode) with
            {
                FutureSkewLimit = TimeSpan.FromHours(1),
                WindowRetention = TimeSpan.FromSeconds(10),
                ShutdownTimeout = Processors.Patience,
            });
        for (var source = 0; source < sources.Length; source++)
            step = step.ReadFrom($"source-{source}", (ISeekableSource<Call>)sources[source], Order);
        return step;
    }

    private static async Task RetireAsync(EventStream<Call> stream, VirtualClock clock)
    {
        var most = stream.GetStats().Keys / 2;
        for (var second = 0; second < 300 && stream.GetStats().Keys > most; second++)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            stream.Advance();
            await stream.FlushAsync(TestContext.Current.CancellationToken);
        }

        Assert.InRange(stream.GetStats().Keys, 0, most);
        await stream.FlushAsync(TestContext.Current.CancellationToken);
    }

    private sealed record Call(long Ticks, string? Tenant, int User, string Model, double Cost);

    private sealed class Sinks
    {
        public CollectingSink<string> Tenants { get; } = new();

        public CollectingSink<int> Users { get; } = new();

        public CollectingSink<(string, int)> Pairs { get; } = new();

        public List<List<string>> Lines => [Of(Tenants), Of(Users), Of(Pairs)];

        private static List<string> Of<TKey>(CollectingSink<TKey> sink)
            where TKey : notnull => [.. sink.Results.Select(result => $"{result.Number} {result}")];
    }

    /// <summary>Gives the second part of its events when it is told to.</summary>
    private sealed class GatedSource : ISeekableSource<Call>, IAcknowledgedSource<Call>
    {
        private readonly Call[] _calls;
        private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _opened;

        public GatedSource(Call[] calls) => _calls = calls;

        public int Opened => Volatile.Read(ref _opened);

        public void Open() => _gate.TrySetResult();

        public ValueTask<ISeekableReader<Call>> OpenAsync(SourcePosition from, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _opened);
            return new(new Reader { Source = this, Next = from.IsStart ? 0 : (int)from.ToInt64() });
        }

        public ValueTask<IAcknowledgedReader<Call>> OpenAsync(CancellationToken cancellationToken) =>
            throw new NotSupportedException("Nobody acknowledges these.");

        private sealed class Reader : ISeekableReader<Call>
        {
            public required GatedSource Source { get; init; }

            public int Next { get; set; }

            public SourcePosition Position => SourcePosition.FromInt64(Next);

            public long? Lag => Events - Next;

            public async ValueTask<bool> ReadAsync(SourceBatch<Call> batch, CancellationToken cancellationToken)
            {
                if (Next == FirstPart)
                    await Source._gate.Task.WaitAsync(cancellationToken);
                var end = Next < FirstPart ? FirstPart : Events;
                while (Next < end && !batch.IsFull)
                    batch.Add(Source._calls[Next++]);
                return Next < Events;
            }

            public ValueTask DisposeAsync() => default;
        }
    }
}
