using CsCheck;
using DisruptorStream.Aggregation;
using DisruptorStream.Emission;

namespace DisruptorStream.Tests;

/// <summary>Every metric against the obvious LINQ, over random values, times and measures.</summary>
public sealed class AggregateTests
{
    private static readonly Gen<(string Key, long Time, double Price, long Volume)[]> Events = Gen.Select(
        Gen.OneOf(Gen.Const("a"), Gen.Const("b"), Gen.Const("c")),
        Gen.Long[0, 29],
        Gen.Double[-1e6, 1e6],
        Gen.Long[-1_000_000_000, 1_000_000_000]).Array[1, 80];

    [Fact]
    public void Metrics_RandomEvents_EqualLinq() => Events.Sample(
        events =>
        {
            var results = Run(events);
            var groups = events.GroupBy(one => (one.Key, Window: one.Time / 10)).ToList();
            Assert.Equal(groups.Count, results.Count);
            foreach (var group in groups)
                Check([.. group], results[(group.Key.Key, group.Key.Window * 10)]);
        },
        iter: 300);

    private static void Check((string Key, long Time, double Price, long Volume)[] group, WindowResult<string> result)
    {
        var prices = group.Select(one => one.Price).ToList();
        var volumes = group.Select(one => one.Volume).ToList();
        var byTime = group.OrderBy(one => one.Time).ToList();
        Assert.Equal(group.Length, result["n"]);
        Assert.Equal(prices.Aggregate(0.0, (sum, price) => sum + price), result["sum"]);
        Assert.Equal(prices.Aggregate(0.0, (sum, price) => sum + price) / group.Length, result["avg"]);
        Assert.Equal(prices.Min(), result["min"]);
        Assert.Equal(prices.Max(), result["max"]);
        Assert.Equal(byTime[0].Price, result["first"]);
        Assert.Equal(byTime.Last(one => one.Time == byTime[^1].Time).Price, result["last"]);
        Assert.Equal(volumes.Sum(), result.GetInt64("volume"));
        Assert.Equal(volumes.Min(), result.GetInt64("least"));
        Assert.Equal(volumes.Max(), result.GetInt64("most"));
        var mean = prices.Average();
        var squares = prices.Sum(price => (price - mean) * (price - mean));
        AssertClose(squares / group.Length, result["var_pop"]);
        AssertClose(Math.Sqrt(squares / group.Length), result["sd_pop"]);
        if (group.Length == 1)
        {
            Assert.True(double.IsNaN(result["var"]));
            return;
        }

        AssertClose(squares / (group.Length - 1), result["var"]);
        AssertClose(Math.Sqrt(squares / (group.Length - 1)), result["sd"]);
    }

    private static void AssertClose(double expected, double actual) =>
        Assert.True(
            Math.Abs(expected - actual) <= 1e-9 * Math.Max(1, Math.Abs(expected)), $"{actual} is not {expected}");

    private static Dictionary<(string Key, long Start), WindowResult<string>> Run(
        (string Key, long Time, double Price, long Volume)[] events)
    {
        var processor = StreamProcessorBuilder.ForKeys<string>()
            .Measure("price")
            .Measure("volume", MeasureType.Int64)
            .TumblingWindows(TimeSpan.FromTicks(10))
            .Watermarks(new() { MaxOutOfOrderness = null })
            .Aggregate(a => a
                .Count("n").Sum("sum", "price").Average("avg", "price").Min("min", "price").Max("max", "price")
                .Variance("var", "price").PopulationVariance("var_pop", "price")
                .StandardDeviation("sd", "price").PopulationStandardDeviation("sd_pop", "price")
                .First("first", "price").Last("last", "price")
                .Sum("volume", "volume").Min("least", "volume").Max("most", "volume"))
            .WithOptions(Processors.Options(ExecutionMode.Inline))
            .Build();
        using var publisher = processor.CreatePublisher("events");
        foreach (var (key, time, price, volume) in events)
            publisher.PublishBits(key, time, [BitConverter.DoubleToInt64Bits(price), volume]);
        processor.StopAsync(StopMode.Complete).GetAwaiter().GetResult();
        var results = new Dictionary<(string, long), WindowResult<string>>();
        while (processor.TryReadResult(out var result))
            results.Add((result.Key, result.Window.StartTicks), result);
        return results;
    }
}
