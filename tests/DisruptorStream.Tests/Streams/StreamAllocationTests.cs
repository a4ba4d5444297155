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
        AssertAllocatesNothing(calls.Publish, batches: 300);
        Assert.True(sink.Sum > 0);
    }

    [Fact]
    public async Task Publish_FiveQueriesAndTwoMillionEvents_AllocatesNothing()
    {
        var (strings, numbers, pairs) = (new Adder<string>(), new Adder<int>(), new Adder<(string, int)>());
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
                .Aggregate(a => a.Sum("cost").Max("latency")).To(pairs))
            .Query("users", query => query.By<int>("user").SessionWindows(TimeSpan.FromTicks(20))
                .Aggregate(a => a.Count("calls").Sum("cost")).To(numbers))
            .Query("dear", query => query.By("model").TumblingWindows(TimeSpan.FromTicks(10_000))
                .Aggregate(a => a.Top("order", 3, "order", weight: "cost")).To(strings))
            .WithOptions(Options)
            .Build();
        AssertAllocatesNothing(calls.Publish, batches: 2000);
        Assert.True(strings.Sum > 0 && numbers.Sum > 0 && pairs.Sum > 0);
    }

    private static StreamProcessorOptions Options { get; } =
        new() { Mode = ExecutionMode.Inline, FutureSkewLimit = null, AllowLateEvents = false };

    private static QueryWindowedStep<Call, int> Windows(QueryWindowingStep<Call, int> step, int sizes) => sizes == 1
        ? step.TumblingWindows(TimeSpan.FromTicks(1_000))
        : step.TumblingWindows(TimeSpan.FromTicks(1_000), TimeSpan.FromTicks(5_000), TimeSpan.FromTicks(20_000));

    private static void AssertAllocatesNothing(PublishAll publish, int batches)
    {
        var random = new Random(7);
        string[] models = ["small", "large", "huge"];
        var events = new Call[BatchEvents];
        var time = 0L;
        for (var batch = 0; batch < batches / 2; batch++)
            PublishOne();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var batch = 0; batch < batches; batch++)
            PublishOne();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

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

    private sealed class Adder<TKey> : IResultSink<TKey>
        where TKey : notnull
    {
        public double Sum { get; private set; }

        public void OnResults(ResultBatch<TKey> batch)
        {
            foreach (var result in batch)
                Sum += result.GetDouble(0);
        }
    }
}
