using System.Globalization;
using DisruptorStream.Aggregation;
using DisruptorStream.Aggregation.Metrics;
using DisruptorStream.Events;
using DisruptorStream.State;
using DisruptorStream.State.Accumulators;
using DisruptorStream.State.Accumulators.Moments;
using DisruptorStream.State.Accumulators.Sums;
using DisruptorStream.State.Accumulators.Values;
using DisruptorStream.Tests.Aggregation;

namespace DisruptorStream.Tests.State.Accumulators;

public sealed class AccumulatorIdentityTests
{
    private static readonly MeasureDefinition X = new("x", 0, MeasureType.Double);

    [Fact]
    public void ArgMax_MeasuresWhoseNamesHoldSeparators_HaveAccumulatorsOfTheirOwn()
    {
        MeasureDefinition[] measures =
        [
            new("a, b", 0, MeasureType.Double), new("c", 1, MeasureType.Double),
            new("a", 2, MeasureType.Double), new("b, c", 3, MeasureType.Double),
        ];
        var builder = new AggregateBuilder(measures);
        builder.ArgMax("first", "a, b", by: "c").ArgMax("second", "a", by: "b, c");
        using var plan = AggregatePlan.Compile(builder.Metrics, NonFinitePolicy.RejectEvent);
        Assert.Equal(2, plan.Layout.Accumulators.Count);
        Assert.Equal([["first"], ["second"]], plan.Layout.Accumulators.Select(column => column.Metrics));
    }

    [Fact]
    public void Percentiles_ErrorsThatLookAlike_HaveSketchesOfTheirOwn()
    {
        using var records = new Records(a => a
            .Percentile("coarse", 99, mode: PercentileMode.Sketch(0.010001))
            .Percentile("fine", 99, mode: PercentileMode.Sketch(0.010002)));
        Assert.Equal(2, records.Plan.Layout.Accumulators.Count);
    }

    [Theory]
    [InlineData("de-DE")]
    [InlineData("fa-IR")]
    public void Histogram_AnyCulture_HasTheSameNames(string culture)
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
            using var records = new Records(a => a.Histogram("h", [-0.5, 1.25]));
            var accumulator = Assert.Single(records.Plan.Layout.Accumulators);
            Assert.Equal("histogram(x, -0.5 1.25)", accumulator.Identity.ToString());
            Assert.Equal(
                ["h_le_-0.5", "h_le_1.25", "h_gt_1.25"], records.Plan.Metrics.Select(metric => metric.Name));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Compile_MetricKindWithoutAnAccumulator_IsRefused()
    {
        var forgotten = new MeasureMetric("m", MetricKind.HistogramBucket, X);
        var refused = Assert.Throws<InvalidOperationException>(
            () => AggregatePlan.Compile([forgotten], NonFinitePolicy.RejectEvent));
        Assert.Contains("HistogramBucket", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Compile_PairKindWithoutAnAccumulator_IsRefused() => Assert.Throws<InvalidOperationException>(
        () => AggregatePlan.Compile([new PairMetric("m", MetricKind.Max, X, X)], NonFinitePolicy.RejectEvent));

    [Fact]
    public unsafe void Read_MetricThatTheAccumulatorDoesNotKeep_IsRefused()
    {
        var moments = new MomentsAccumulator<DoubleReading>(new(AccumulatorKind.Moments, X), countsEvents: true);
        var lanes = stackalloc double[4] { 1, 2, -3, 4 };
        var query = new MetricQuery(MetricKind.Kurtosis);
        Assert.Throws<InvalidOperationException>(() => moments.Read((byte*)lanes, in query));
        Assert.Throws<InvalidOperationException>(() => DoubleSum.Read(default, in query, X));
        Assert.Throws<InvalidOperationException>(() => Int64Sum.Read(default, in query, X));
        Assert.Throws<InvalidOperationException>(() => ExactSum.Read(default, in query, X));
        Assert.Throws<InvalidOperationException>(() => CompensatedSum.Read(default, in query, X));
        Assert.Throws<InvalidOperationException>(() => Int64Extremes.Read(default, in query, X));
    }

    [Fact]
    public void Compare_AnyTwo_AgreesWithEquality()
    {
        AccumulatorIdentity[] identities =
        [
            new(AccumulatorKind.Count, null),
            new(AccumulatorKind.Moments, X),
            new(AccumulatorKind.Moments, X with { Name = "y", Index = 1 }),
            new(AccumulatorKind.Quantiles, X) { Parameters = new ParameterList(0.01) },
            new(AccumulatorKind.Quantiles, X) { Parameters = new ParameterList(0.02) },
            new(AccumulatorKind.Histogram, X) { Parameters = new ParameterList(1, 2) },
            new(AccumulatorKind.Histogram, X) { Parameters = new ParameterList(1, 2, 3) },
            new(AccumulatorKind.AtLargest, X) { By = X },
        ];
        foreach (var left in identities)
        {
            foreach (var right in identities)
                Assert.Equal(left == right, AccumulatorIdentity.Compare(left, right) == 0);
        }
    }
}
