using CsCheck;
using DisruptorStream.Aggregation;
using DisruptorStream.Statistics;

namespace DisruptorStream.Tests.Aggregation;

public sealed class SpreadTests
{
    /// <summary>Far from zero a plain mean has lost the digits that make the difference.</summary>
    [Fact]
    public void ZScoreAndShape_OnALargeOffset_AreThoseWithoutIt()
    {
        using var records = new Records(a => a.ZScore("z").Skewness("skew").Kurtosis("kurt"));
        var near = records.Of(0, 1, 1, 10);
        double[] shifted = [1e15, 1e15 + 1, 1e15 + 1, 1e15 + 10];
        Assert.Equal(7 / Math.Sqrt(22), records.Read(near, 0), 1e-14);
        foreach (var size in new[] { 1, 2, 3, 4 })
        {
            var far = records.New();
            foreach (var part in shifted.Chunk(size))
                records.Merge(far, records.Of(part));
            for (var metric = 0; metric < 3; metric++)
                AssertUlps(records.Read(near, metric), records.Read(far, metric), 2);
        }
    }

    [Fact]
    public void ZScoreAnomalyDetector_OnALargeOffset_ScoresAsWithoutIt()
    {
        var (near, far) = (new ZScoreAnomalyDetector(warmUp: 3), new ZScoreAnomalyDetector(warmUp: 3));
        foreach (var value in new double[] { 0, 1, 1 })
        {
            near.Observe(value);
            far.Observe(1e15 + value);
        }

        Assert.Equal(near.Observe(1.75).Score, far.Observe(1e15 + 1.75).Score);
    }

    [Fact]
    public void Spread_AnyGrouping_SameToTwoUlps() => Gen.Select(
        Gen.Double[-1e3, 1e3].Array[2, 200],
        Gen.OneOf(Gen.Double[-1e9, 1e9], Gen.Double[-1e16, 1e16]),
        Gen.Int).Sample(
        (values, shift, seed) =>
        {
            using var records = new Records(a => a
                .Variance("var").StandardDeviation("sd").Skewness("skew").Kurtosis("kurt").ZScore("z"));
            var shifted = values.Select(value => value + shift).ToArray();
            var whole = records.Of(shifted);
            var random = new Random(seed);
            var parts = new List<int>();
            for (var start = 0; start < shifted.Length;)
            {
                var length = Math.Min(random.Next(1, 20), shifted.Length - start);
                parts.Add(records.Of(shifted.AsSpan(start, length)));
                start += length;
            }

            while (parts.Count > 1)
            {
                var at = random.Next(parts.Count - 1);
                records.Merge(parts[at], parts[at + 1]);
                parts.RemoveAt(at + 1);
            }

            for (var metric = 0; metric < records.Plan.Metrics.Count; metric++)
            {
                var (expected, actual) = (records.Read(whole, metric), records.Read(parts[0], metric));
                if (!(Math.Abs(expected - actual) <= 1e-14))
                    AssertUlps(expected, actual, 2);
            }
        },
        iter: 500);

    [Fact]
    public void Spread_EqualValues_IsExactlyZero()
    {
        using var records = new Records(a => a.Variance("var").StandardDeviation("sd").Range("range"));
        var record = records.Of([.. Enumerable.Repeat(0.1, 1000)]);
        records.Merge(record, records.Of(0.1, 0.1));
        Assert.Equal([0, 0, 0], Enumerable.Range(0, 3).Select(metric => records.Read(record, metric)));
    }

    [Fact]
    public void Spread_NoOrOneValue_IsDocumented()
    {
        using var records = new Records(a => a
            .Variance("var").PopulationVariance("pop").Range("range").Skewness("skew").Kurtosis("kurt").ZScore("z"));
        var (none, one) = (records.New(), records.Of(7));
        Assert.All(Enumerable.Range(0, 6), metric => Assert.Equal(double.NaN, records.Read(none, metric)));
        Assert.Equal(
            [double.NaN, 0, 0, double.NaN, double.NaN, double.NaN],
            Enumerable.Range(0, 6).Select(metric => records.Read(one, metric)));
    }

    [Fact]
    public void Metrics_OfOneMeasure_ShareOneAccumulator()
    {
        using var records = new Records(a => a
            .Count("n").Sum("sum").Average("avg").Min("min").Max("max").StandardDeviation("sd").Range("range"));
        var column = Assert.Single(records.Plan.Layout.Accumulators);
        Assert.Equal("spread(x)", column.Identity.ToString());
        var record = records.Of(1, 2, 3, 4);
        Assert.Equal(
            [4, 10, 2.5, 1, 4, Math.Sqrt(5.0 / 3), 3],
            Enumerable.Range(0, 7).Select(metric => records.Read(record, metric)));
    }

    [Fact]
    public void Shape_RandomValuesAndGroupings_EqualTheDefinition() => Gen.Select(
        Gen.Int[-100, 100].Select(value => value + 0.25).Array[4, 100], Gen.Int[1, 50]).Sample(
        (values, size) =>
        {
            using var records = new Records(a => a.Skewness("skew").Kurtosis("kurt"));
            var record = records.New();
            foreach (var part in values.Chunk(size))
                records.Merge(record, records.Of(part));
            var mean = values.Average();
            double Moment(int power) => values.Average(value => Math.Pow(value - mean, power));
            Assert.Equal(Moment(3) / Math.Pow(Moment(2), 1.5), records.Read(record, 0), 1e-8);
            Assert.Equal((Moment(4) / (Moment(2) * Moment(2))) - 3, records.Read(record, 1), 1e-8);
        },
        iter: 200);

    [Fact]
    public void ZScore_LastByTime_AgainstAll()
    {
        using var records = new Records(a => a.ZScore("z"));
        var record = records.New();
        records.AddBits(record, 5, BitConverter.DoubleToInt64Bits(9));
        records.AddBits(record, 1, BitConverter.DoubleToInt64Bits(1));
        var later = records.New();
        records.AddBits(later, 3, BitConverter.DoubleToInt64Bits(2));
        records.Merge(record, later);
        Assert.Equal((9 - 4.0) / Math.Sqrt(19), records.Read(record), 1e-12);
    }

    [Fact]
    public void Integers_AreReadAsNumbers()
    {
        using var records = new Records(
            a => a.Variance("var").Skewness("skew").Percentile("p", 50).Range("range").SumOfSquares("squares")
                .MovingAverage("ema", 1).Histogram("h", [2]),
            [MeasureType.Int64]);
        var record = records.New();
        foreach (var value in new long[] { 1, 2, 6 })
            records.AddBits(record, 0, value);
        Assert.Equal(
            [7, 2, 5, 41, 6, 2, 1],
            Enumerable.Range(0, 8).Where(metric => metric != 1).Select(metric => records.Read(record, metric)));
    }

    private static void AssertUlps(double expected, double actual, long ulps) =>
        Assert.True(
            Math.Abs(BitConverter.DoubleToInt64Bits(expected) - BitConverter.DoubleToInt64Bits(actual)) <= ulps,
            $"{actual:R} is not {expected:R}");
}
