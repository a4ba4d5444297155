using DisruptorStream.Aggregation;
using DisruptorStream.Building;
using DisruptorStream.Emission;
using DisruptorStream.Windows;

namespace DisruptorStream.Tests.Aggregation;

/// <summary>Sketches in every kind of window: what they held is used again, and copies are copies.</summary>
public sealed class SketchMemoryTests
{
    private const int Period = 1000;
    private const int EventsPerPeriod = 600;

    [Theory]
    [InlineData("tumbling")]
    [InlineData("late")]
    [InlineData("sliding")]
    [InlineData("discarding")]
    [InlineData("retracting")]
    [InlineData("sessions")]
    [InlineData("retracting sessions")]
    public async Task StateBytes_WindowsComeAndGo_DoNotGrow(string kind)
    {
        var sink = new Checker();
        await using var processor = Configure(kind)
            .Aggregate(a => a
                .Count("n").Percentile("p50", 50).Percentile("p100", 100, mode: PercentileMode.Exact)
                .Distinct("distinct", precision: 8).Top("top", 1, capacity: 70))
            .WithOptions(Processors.Options(ExecutionMode.Inline) with { LateEventThreshold = TimeSpan.FromTicks(100) })
            .To(sink)
            .Build();
        Publish(processor, 0, 30);
        var before = processor.GetStats().StateBytes;
        Publish(processor, 30, 300);
        Assert.Equal(before, processor.GetStats().StateBytes);
        await processor.StopAsync(StopMode.Complete);
        Assert.True(sink.Checked > 300, $"only {sink.Checked} results");
    }

    [Theory]
    [InlineData("tumbling")]
    [InlineData("sliding")]
    [InlineData("retracting")]
    [InlineData("sessions")]
    public async Task Sketches_SteadyState_AllocateNothing(string kind)
    {
        var sink = new Adder();
        await using var processor = Configure(kind)
            .Aggregate(a => a.Percentile("p50", 50).Percentile("p99", 99).Distinct("distinct").Top("top", 3))
            .WithOptions(Processors.Options(ExecutionMode.Inline) with { LateEventThreshold = TimeSpan.FromTicks(100) })
            .To(sink)
            .Build();
        Publish(processor, 0, 150);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Publish(processor, 150, 200);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(sink.Sum > 0);
    }

    [Fact]
    public async Task MinusZero_IsZeroForAll()
    {
        await using var processor = Configure("tumbling")
            .Aggregate(a => a.Distinct("distinct").Top("top", 1).Percentile("p0", 0).Min("min"))
            .WithOptions(Processors.Options(ExecutionMode.Inline))
            .Build();
        processor.Publish("a", 0, 0.0);
        processor.Publish("a", 1, -0.0);
        await processor.StopAsync(StopMode.Complete);
        Assert.True(processor.TryReadResult(out var result));
        Assert.Equal((1, 2), (result["distinct"], result["top_1_count"]));
        Assert.Equal([1, 0, 2, 0, 0, 0], result.RawValues.ToArray());
    }

    [Fact]
    public async Task ExplainPlan_Sketches_ShowsTheirBound()
    {
        await using var processor = Configure("tumbling")
            .Aggregate(a => a.Percentile("p50", 50).Percentile("p99", 99).Count("n"))
            .WithOptions(Processors.Options(ExecutionMode.Inline))
            .Build();
        var plan = processor.ExplainPlan();
        Assert.Equal(2 * 2048 * sizeof(long), plan.MaxBlockBytesPerKeyAndWindow);
        Assert.Contains(
            "percentiles(value, within 1%), 56 bytes and at most 32768 more in blocks, read by p50, p99",
            plan.Accumulators);
        Assert.True(plan.MaxStateBytes > plan.MaxBlockBytesPerKeyAndWindow);
        Assert.Contains("at most 32,768 bytes more for each", plan.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.5, 32_768)]
    [InlineData(0.005, 65_536)]
    [InlineData(0.001, 524_288)]
    [InlineData(0.0001, 4_194_304)]
    public async Task ExplainPlan_SketchOfASmallError_ShowsItsBound(double error, int bytes)
    {
        await using var processor = Configure("tumbling")
            .Aggregate(a => a.Percentile("p50", 50, mode: PercentileMode.Sketch(error)))
            .WithOptions(Processors.Options(ExecutionMode.Inline))
            .Build();
        Assert.Equal(bytes, processor.ExplainPlan().MaxBlockBytesPerKeyAndWindow);
    }

    private static WindowedStep<string> Configure(string kind)
    {
        var events = StreamProcessorBuilder.ForKeys<string>();
        var lateness = TimeSpan.FromTicks(100);
        return kind switch
        {
            "tumbling" => events.TumblingWindows(TimeSpan.FromTicks(500)),
            "late" => events.TumblingWindows(TimeSpan.FromTicks(500)).AllowedLateness(lateness),
            "sliding" => events.SlidingWindows(TimeSpan.FromTicks(700), TimeSpan.FromTicks(100)),
            "discarding" => events.SlidingWindows(TimeSpan.FromTicks(400), TimeSpan.FromTicks(200)).Early(70)
                .Accumulation(AccumulationMode.Discarding),
            "retracting" => events.TumblingWindows(TimeSpan.FromTicks(500)).Early(70).AllowedLateness(lateness)
                .Accumulation(AccumulationMode.Retracting),
            "sessions" => events.SessionWindows(TimeSpan.FromTicks(50)).AllowedLateness(lateness),
            _ => events.SessionWindows(TimeSpan.FromTicks(50)).AllowedLateness(lateness).Early(70)
                .Accumulation(AccumulationMode.Retracting),
        };
    }

    /// <summary>Two keys; values 1 to 200 over and over; some events late; a pause.</summary>
    private static void Publish(StreamProcessor<string> processor, int from, int to)
    {
        for (var period = from; period < to; period++)
        {
            for (var i = 0; i < EventsPerPeriod; i++)
            {
                var time = (period * Period) + i - (i % 50 == 49 ? 60 : 0);
                processor.Publish(i % 3 == 0 ? "a" : "b", time, 1 + (i % 200));
            }
        }
    }

    private sealed class Adder : IResultSink<string>
    {
        public double Sum { get; private set; }

        public void OnResults(ResultBatch<string> batch)
        {
            for (var row = 0; row < batch.Count; row++)
                Sum += batch[row]["p99"];
        }
    }

    private sealed class Checker : IResultSink<string>
    {
        public int Checked { get; private set; }

        public void OnResults(ResultBatch<string> batch)
        {
            foreach (var result in batch)
            {
                Assert.False(result.IsFailed);
                var count = result["n"];
                Assert.InRange(result["distinct"], 1, 260);
                Assert.InRange(result["p100"], 1, 200);
                Assert.InRange(result["p50"], 1, 200 * 1.01);
                Assert.True(result["p50"] <= result["p100"] * 1.01);
                Assert.InRange(result["top_1_count"], 1, count);
                Checked++;
            }
        }
    }
}
