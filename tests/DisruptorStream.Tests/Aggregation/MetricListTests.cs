using DisruptorStream.Aggregation;
using DisruptorStream.Building;
using DisruptorStream.Testing.Sinks;

namespace DisruptorStream.Tests.Aggregation;

public sealed class MetricListTests
{
    [Theory]
    [InlineData("latncy", "name one of 'latency', 'tokens'; did you mean 'latency'?")]
    [InlineData("elephant", "name one of 'latency', 'tokens'.")]
    public void Resolve_UnknownMeasure_NamesThoseThereAreAndTheNearest(string measure, string expected)
    {
        var step = StreamProcessorBuilder.ForKeys<string>()
            .Measure("latency").Measure("tokens", MeasureType.Int64)
            .TumblingWindows(TimeSpan.FromTicks(10));

        var error = Assert.Throws<ArgumentException>(() => step.Aggregate(a => a.Sum("total", measure)));

        Assert.StartsWith(
            $"The metric 'total' reads the measure '{measure}', which is not declared; {expected}",
            error.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Resolve_NoMeasureNamed_IsTheOneThatTheMetricIsCalled()
    {
        var collector = new CollectingSink<string>();
        await using var processor = Two()
            .Aggregate(a => a.Sum("latency").Max("tokens"))
            .WithOptions(Processors.Options(ExecutionMode.Inline))
            .To(collector)
            .Build();
        await using var named = Two()
            .Aggregate(a => a.Sum("latency", "latency").Max("tokens", "tokens"))
            .WithOptions(Processors.Options(ExecutionMode.Inline))
            .To(collector)
            .Build();

        foreach (var one in new[] { processor, named })
        {
            one.Publish("a", 1, [2.0, 30.0]);
            one.Publish("a", 2, [3.0, 50.0]);
            await one.StopAsync(StopMode.Complete, TestContext.Current.CancellationToken);
        }

        Assert.Equal(["a [0, 10) OnTime 5 50", "a [0, 10) OnTime 5 50"], collector.Texts());
    }

    [Fact]
    public void Resolve_NoMeasureNamedNorCalledSo_NamesBothWays()
    {
        var error = Assert.Throws<InvalidOperationException>(() => Two().Aggregate(a => a.Sum("total")));

        Assert.Equal(
            "The metric 'total' needs to know which measure it reads: name one of 'latency', 'tokens' as its measure, "
            + "or give the metric the name of the measure.",
            error.Message);
    }

    [Fact]
    public void Resolve_NoMeasureAtAll_SaysToDeclareOne()
    {
        var step = StreamProcessorBuilder.For<string>().KeyBy(text => text).EventTime(_ => 1L)
            .TumblingWindows(TimeSpan.FromTicks(10));

        var error = Assert.Throws<InvalidOperationException>(() => step.Aggregate(a => a.Sum("total")));

        Assert.Contains("declares no measure, so it can only count", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Resolve_OneMeasure_NeedsNoNameAtAll() => Assert.NotNull(
        StreamProcessorBuilder.ForKeys<string>().Measure("latency").TumblingWindows(TimeSpan.FromTicks(10))
            .Aggregate(a => a.Sum("total").Max("latency")));

    private static WindowedStep<string> Two() => StreamProcessorBuilder.ForKeys<string>()
        .Measure("latency").Measure("tokens", MeasureType.Int64)
        .TumblingWindows(TimeSpan.FromTicks(10));

    /// <summary>Each metric of one measure: called as it, with and without naming it.</summary>
    [Theory]
    [MemberData(nameof(Metrics))]
    public void Resolve_EachMetricOfOneMeasure_ReadsTheOneOfItsName(string kind)
    {
        var metric = All[kind];

        var silent = Two().Aggregate(a => metric(a, null)).Definition.Metrics;
        var named = Two().Aggregate(a => metric(a, "tokens")).Definition.Metrics;

        Assert.Equal(named.Select(one => one.ToString()), silent.Select(one => one.ToString()));
        Assert.Contains("Name = tokens", silent[0].ToString(), StringComparison.Ordinal);
    }

    public static TheoryData<string> Metrics => [.. All.Keys];

    private static Dictionary<string, Action<AggregateBuilder, string?>> All => new(StringComparer.Ordinal)
    {
        ["Sum"] = (a, measure) => a.Sum("tokens", measure),
        ["Sum, exact"] = (a, measure) => a.Sum("tokens", measure, SumMode.Exact),
        ["Average"] = (a, measure) => a.Average("tokens", measure),
        ["Min"] = (a, measure) => a.Min("tokens", measure),
        ["Max"] = (a, measure) => a.Max("tokens", measure),
        ["Range"] = (a, measure) => a.Range("tokens", measure),
        ["SumOfSquares"] = (a, measure) => a.SumOfSquares("tokens", measure),
        ["Variance"] = (a, measure) => a.Variance("tokens", measure),
        ["PopulationVariance"] = (a, measure) => a.PopulationVariance("tokens", measure),
        ["StandardDeviation"] = (a, measure) => a.StandardDeviation("tokens", measure),
        ["PopulationStandardDeviation"] = (a, measure) => a.PopulationStandardDeviation("tokens", measure),
        ["First"] = (a, measure) => a.First("tokens", measure),
        ["Last"] = (a, measure) => a.Last("tokens", measure),
        ["Skewness"] = (a, measure) => a.Skewness("tokens", measure),
        ["Kurtosis"] = (a, measure) => a.Kurtosis("tokens", measure),
        ["ZScore"] = (a, measure) => a.ZScore("tokens", measure),
        ["MovingAverage"] = (a, measure) => a.MovingAverage("tokens", 0.5, measure),
        ["Percentile"] = (a, measure) => a.Percentile("tokens", 95, measure),
        ["Distinct"] = (a, measure) => a.Distinct("tokens", measure),
        ["Top"] = (a, measure) => a.Top("tokens", 3, measure),
        ["Histogram"] = (a, measure) => a.Histogram("tokens", [1.0, 2.0], measure),
        ["Custom"] = (a, measure) => a.Custom<Total, double>("tokens", measure),
    };

    private readonly struct Total : IAggregate<double>
    {
        public static double Initial => 0;

        public static void Accumulate(ref double state, in Measurement measurement) => state += measurement.Value;

        public static void Merge(ref double state, in double later) => state += later;

        public static double Result(in double state) => state;
    }
}
