using DisruptorStream.Building.Streams;
using DisruptorStream.Emission;

namespace DisruptorStream.Tests.Streams;

/// <summary>Once a stream has seen its keys and windows, it allocates nothing for events or panes.</summary>
public sealed class StreamAllocationTests
{
    private const int BatchEvents = 1000;

    private readonly record struct Call(
        long Time, string Model, int Tenant, int User, long Order, double Milliseconds, double Cost, int Status);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Publish_PercentilesOfIntegerKeys_AllocatesNothing(int sizes)
    {
        var sink = new Adder<int>();
        await using var calls = StreamProcessorBuilder.For<Call>()
            .EventTime(call => call.Time)
            .Measure("latency", call => call.Milliseconds)
            .Key("tenant", call => call.Tenant)
            .Query("tenants", query => Windows(query.By<int>("tenant"), sizes)
                .Aggregate(a => a.Percentiles("latency", 50, 99).Count("calls"))
                .To(sink))
            .WithOptions(Options)
            .Build();
        AssertAllocatesNothing(calls.Publish, batches: 300, limit: 0);
        Assert.True(sink.Sum > 0);
    }

    [Theory]
    [InlineData(ExecutionMode.Inline, 2000)]
    [InlineData(ExecutionMode.Fused, 200)]
    [InlineData(ExecutionMode.Staged, 200)]
    public async Task Publish_SeveralQueriesAndTheirPanesRead_AllocatesNothing(ExecutionMode mode, int batches)
    {
        var (strings, numbers, pairs) = (new Adder<string>(), new Adder<int>(), new Adder<(string, int)>());
        var (models, dear) = (new Adder<string>(), new Adder<string>());
        var (users, silent) = (new Adder<int>(), new Adder<int>());
        await using var calls = StreamProcessorBuilder.For<Call>()
            .EventTime(call => call.Time)
            .Measure("latency", call => call.Milliseconds)
            .Measure("cost", call => call.Cost)
            .Measure("order", call => call.Order)
            .Key("model", call => call.Model)
            .Key("tenant", call => call.Tenant)
            .Key("user", call => call.User)
            .Query("models", query => query.By("model")
                .SlidingWindows(TimeSpan.FromTicks(10_000), TimeSpan.FromTicks(1_000))
                .Aggregate(a => a.Percentiles("latency", 50, 95, 99).Count("errors", where: call => call.Status >= 500))
                .To(strings))
            .Query("tenants", query => Windows(query.By<int>("tenant"), 3)
                .Aggregate(a => a.Sum("cost").Distinct("orders", "order", weight: "cost", precision: 8)).To(numbers))
            .Query("spenders", query => query.Where(call => call.Cost > 1).By<string, int>("model", "user")
                .TumblingWindows(TimeSpan.FromTicks(5_000))
                .Aggregate(a => a.Sum("cost").Max("latency")).Top(5, by: "cost", within: "model").To(pairs))
            .Query("models of spenders", query => query.From("spenders").By("model")
                .TumblingWindows(TimeSpan.FromTicks(20_000)).Aggregate(a => a.Max("cost").Count("spenders"))
                .To(models))
            .Query("users", query => query.By<int>("user").SessionWindows(TimeSpan.FromTicks(20))
                .Aggregate(a => a.Count("calls").Sum("cost")).To(users))
            .Query("silent", query => query.By<int>("user").Silence(TimeSpan.FromTicks(20), TimeSpan.FromTicks(900))
                .Aggregate(a => a.Count("calls").Sum("cost")).To(silent))
            .Query("dear", query => query.By("model").TumblingWindows(TimeSpan.FromTicks(10_000))
                .Aggregate(a => a.Top("order", 3, "order", weight: "cost")).To(dear))
            .WithOptions(Options with { Mode = mode, RingCapacity = 1024 })
            .Build();
        calls.Start();
        AssertAllocatesNothing(
            calls.Publish, batches, LimitOf(mode), strings, numbers, pairs, models, dear, users, silent);
        await calls.FlushAsync(TestContext.Current.CancellationToken);
        Assert.All<IWatch>(
            [strings, numbers, pairs, models, dear, users, silent],
            sink =>
            {
                Assert.True(sink.HasResults);
                Assert.InRange(sink.Allocated, 0, LimitOf(mode));
            });
    }

    private static StreamProcessorOptions Options { get; } =
        new() { Mode = ExecutionMode.Inline, FutureSkewLimit = null, AllowLateEvents = false };

    /// <remarks>
    /// Where threads meet, a batch may be larger than any before, and a buffer grows once. What an event or a pane
    /// took would be far more: there are as many of them as bytes here, and no object has less than 24.
    /// </remarks>
    private static long LimitOf(ExecutionMode mode) => mode == ExecutionMode.Inline ? 0 : 100_000;

    private static QueryWindowedStep<Call, int> Windows(QueryWindowingStep<Call, int> step, int sizes) => sizes == 1
        ? step.TumblingWindows(TimeSpan.FromTicks(1_000))
        : step.TumblingWindows(TimeSpan.FromTicks(1_000), TimeSpan.FromTicks(5_000), TimeSpan.FromTicks(20_000));

    private static void AssertAllocatesNothing(PublishAll publish, int batches, long limit, params IWatch[] sinks)
    {
        var random = new Random(7);
        string[] models = ["small", "large", "huge"];
        var events = new Call[BatchEvents];
        var time = 0L;
        for (var batch = 0; batch < Math.Max(batches / 2, 200); batch++)
            PublishOne();
        foreach (var sink in sinks)
            sink.Watch();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var batch = 0; batch < batches; batch++)
            PublishOne();
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, limit);

        void PublishOne()
        {
            for (var index = 0; index < events.Length; index++)
            {
                // Also latencies repeat: a sketch that spans more than ever before takes a larger block.
                events[index] = new Call(
                    time++,
                    models[random.Next(models.Length)],
                    random.Next(16),
                    random.Next(64),
                    random.Next(200),
                    1 + random.Next(100),
                    1 + random.Next(4) * 0.25,
                    random.Next(10) == 0 ? 503 : 200);
            }

            publish(events);
        }
    }

    private delegate void PublishAll(ReadOnlySpan<Call> events);

    /// <summary>What a sink knows of the thread that calls it.</summary>
    private interface IWatch
    {
        bool HasResults { get; }

        /// <summary>Bytes that its thread has allocated from the first watched batch to the last.</summary>
        long Allocated { get; }

        /// <summary>From the next batch on.</summary>
        void Watch();
    }

    private sealed class Adder<TKey> : IResultSink<TKey>, IWatch
        where TKey : notnull
    {
        private volatile bool _isWatched;
        private long _first = -1;
        private long _last = -1;

        public double Sum { get; private set; }

        public bool HasResults => Sum > 0 && _last > 0;

        public long Allocated => _last - _first;

        public void Watch() => _isWatched = true;

        public void OnResults(ResultBatch<TKey> batch)
        {
            foreach (var result in batch)
                Sum += result.GetDouble(0);
            if (!_isWatched)
                return;
            _last = GC.GetAllocatedBytesForCurrentThread();
            _first = _first < 0 ? _last : _first;
        }
    }
}
