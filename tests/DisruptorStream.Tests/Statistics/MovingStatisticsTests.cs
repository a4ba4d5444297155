using CsCheck;
using DisruptorStream.Statistics;

namespace DisruptorStream.Tests.Statistics;

public sealed class MovingStatisticsTests
{
    [Fact]
    public void SlidingWindow_AnyValues_EqualsTheObviousModel() => Gen.Select(
        Gen.OneOf(Gen.Double[-5, 5], Gen.Int[-3, 3].Select(value => (double)value)).Array[1, 120],
        Gen.Int[1, 30]).Sample(
        (values, capacity) =>
        {
            var stats = new SlidingWindowStats(capacity);
            for (var end = 1; end <= values.Length; end++)
            {
                stats.Add(values[end - 1]);
                var kept = values[Math.Max(0, end - capacity)..end];
                var sorted = kept.Order().ToArray();
                Assert.Equal(kept.Length, stats.Count);
                Assert.Equal(kept.Average(), stats.Mean, 1e-12);
                Assert.Equal((sorted[0], sorted[^1]), (stats.Min, stats.Max));
                if (kept.Length > 1)
                {
                    var squares = kept.Sum(value => Math.Pow(value - kept.Average(), 2));
                    Assert.Equal(squares / (kept.Length - 1), stats.Variance, 1e-9);
                }


                foreach (var percentile in new[] { 0d, 10, 50, 90, 100 })
                {
                    var rank = Math.Max(1, (int)Math.Ceiling(percentile * kept.Length / 100));
                    Assert.Equal(sorted[rank - 1], stats.Percentile(percentile));
                }

                var median = stats.Percentile(50);
                var deviations = kept.Select(v => Math.Abs(v - median)).Order().ToArray();
                Assert.Equal(deviations[(kept.Length - 1) / 2], stats.MedianDeviationFrom(median), 1e-12);
            }
        },
        iter: 300);

    [Fact]
    public void SlidingWindow_AfterAHugeValue_HasNotDrifted()
    {
        var stats = new SlidingWindowStats(10);
        stats.Add(1e15);
        for (var i = 0; i < 10; i++)
            stats.Add(0.1);
        Assert.Equal((0.1, 0), (stats.Mean, stats.Variance));
    }

    [Fact]
    public void SlidingWindow_SteadyState_AllocatesNothing()
    {
        var stats = new SlidingWindowStats(1000);
        var random = new Random(1);
        Churn(stats, random);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Churn(stats, random);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void SlidingWindow_NoValue_IsNaN()
    {
        var stats = new SlidingWindowStats(3);
        Assert.All(
            new[] { stats.Mean, stats.Variance, stats.Min, stats.Max, stats.Percentile(50) },
            value => Assert.Equal(double.NaN, value));
        Assert.Throws<ArgumentOutOfRangeException>(() => stats.Add(double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>(() => stats.Percentile(101));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SlidingWindowStats(0));
    }

    [Fact]
    public void Variance_AnyGrouping_EqualsOneRun() => Gen.Select(
        Gen.Double[-1e6, 1e6].Array[2, 80], Gen.Int[1, 20]).Sample(
        (values, size) =>
        {
            var whole = default(OnlineVariance);
            var merged = default(OnlineVariance);
            foreach (var part in values.Chunk(size))
            {
                var one = default(OnlineVariance);
                foreach (var value in part)
                {
                    whole.Add(value);
                    one.Add(value);
                }

                merged.Merge(one);
            }

            Assert.Equal(values.Length, merged.Count);
            Assert.Equal(whole.Mean, merged.Mean, Math.Abs(whole.Mean) * 1e-15);
            Assert.Equal(whole.Variance, merged.Variance, whole.Variance * 1e-15);
            Assert.Equal(whole.PopulationStandardDeviation, Math.Sqrt(whole.PopulationVariance));
        },
        iter: 300);

    [Fact]
    public void Variance_EdgeValues_AreDocumented()
    {
        var variance = default(OnlineVariance);
        Assert.Equal((double.NaN, double.NaN, double.NaN), (
            variance.Mean, variance.Variance, variance.PopulationVariance));
        variance.Add(double.Epsilon);
        Assert.Equal((double.Epsilon, double.NaN, 0), (variance.Mean, variance.Variance, variance.PopulationVariance));
        variance.Add(double.Epsilon);
        Assert.Equal(0, variance.StandardDeviation);
        Assert.Throws<ArgumentOutOfRangeException>(() => variance.Add(double.PositiveInfinity));
    }

    [Fact]
    public void MovingAverage_ByEvent_MovesByAlpha()
    {
        var average = ExponentialMovingAverage.FromSpan(3);
        Assert.Equal(double.NaN, average.Value);
        foreach (var value in new[] { 4.0, 8, 0 })
            average.Add(value);
        Assert.Equal(3, average.Value);
        average.Add(3, timestampTicks: 7);
        Assert.Equal((3, 4), (average.Value, average.Count));
        Assert.Throws<ArgumentOutOfRangeException>(() => ExponentialMovingAverage.FromAlpha(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => ExponentialMovingAverage.FromSpan(0.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => ExponentialMovingAverage.FromHalfLife(TimeSpan.Zero));
    }

    [Fact]
    public void MovingAverage_ByTime_IsTheWeightedAverageInAnyOrder() => Gen.Select(
        Gen.Double[-9, 9], Gen.Long[0, 50]).Array[1, 30].Sample(
        events =>
        {
            var average = ExponentialMovingAverage.FromHalfLife(TimeSpan.FromTicks(10));
            foreach (var (value, time) in events)
                average.Add(value, time);
            var last = events.Max(one => one.Item2);
            double WeightOf((double, long Time) one) => Math.Pow(2, (one.Time - last) / 10.0);
            Assert.Equal(events.Sum(one => one.Item1 * WeightOf(one)) / events.Sum(WeightOf), average.Value, 1e-9);
            Assert.Throws<InvalidOperationException>(() => average.Add(1));
        },
        iter: 300);

    private static void Churn(SlidingWindowStats stats, Random random)
    {
        for (var i = 0; i < 3000; i++)
        {
            stats.Add(random.NextDouble());
            _ = stats.Percentile(99) + stats.Mean + stats.StandardDeviation;
        }
    }
}
