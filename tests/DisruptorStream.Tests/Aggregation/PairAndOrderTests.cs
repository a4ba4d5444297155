using CsCheck;
using DisruptorStream.Aggregation;

namespace DisruptorStream.Tests.Aggregation;

/// <summary>Metrics of two measures, and those that depend on the order of the events.</summary>
public sealed class PairAndOrderTests
{
    private static readonly MeasureType[] Two = [MeasureType.Double, MeasureType.Int64];

    [Fact]
    public void Pairs_RandomEvents_EqualLinq() => Gen.Select(
        Gen.Long[0, 5], Gen.Int[-3, 3], Gen.Long[1, 4]).Array[1, 30].Sample(
        events =>
        {
            using var records = new Records(
                a => a.WeightedAverage("w", "x", "x1").ArgMin("lo", "x", "x1").ArgMax("hi", "x1", "x"), Two);
            var (first, second) = (records.New(), records.New());
            foreach (var (index, (time, x, by)) in events.Index())
            {
                var record = index < events.Length / 2 ? first : second;
                records.AddBits(record, time, BitConverter.DoubleToInt64Bits(x), by);
            }

            records.Merge(first, second);
            var numbered = events.Index().ToList();
            var lowest = numbered.OrderBy(e => e.Item.Item3).ThenBy(e => e.Item.Item1).ThenBy(e => e.Index).First();
            var highest = numbered.OrderByDescending(e => e.Item.Item2).ThenBy(e => e.Item.Item1)
                .ThenBy(e => e.Index).First();
            Assert.Equal(
                events.Sum(e => (double)e.Item2 * e.Item3) / events.Sum(e => (double)e.Item3),
                records.Read(first, 0),
                1e-12);
            Assert.Equal(lowest.Item.Item2, records.Read(first, 1));
            Assert.Equal(highest.Item.Item3, records.Read(first, 2));
        },
        iter: 300);

    [Fact]
    public void Pairs_NoEventAndZeroWeights_AreMissing()
    {
        using var records = new Records(
            a => a.WeightedAverage("w", "x", "x1").ArgMin("lo", "x", "x1").ArgMax("hi", "x1", "x"), Two);
        var none = records.New();
        Assert.Equal([double.NaN, double.NaN, 0], Enumerable.Range(0, 3).Select(m => records.Read(none, m)));
        records.AddBits(none, 0, BitConverter.DoubleToInt64Bits(5), 0);
        Assert.Equal([double.NaN, 5, 0], Enumerable.Range(0, 3).Select(m => records.Read(none, m)));
    }

    [Fact]
    public void MovingAverage_AnyGrouping_IsThatOfTheSequence() => Gen.Select(
        Gen.Double[-10, 10].Array[1, 60], Gen.Double[0.01, 1], Gen.Int[1, 20]).Sample(
        (values, alpha, size) =>
        {
            using var records = new Records(a => a.MovingAverage("ema", alpha));
            var record = records.New();
            foreach (var part in values.Chunk(size))
                records.Merge(record, records.Of(part));
            var expected = values.Skip(1).Aggregate(
                values[0], (average, value) => average + (alpha * (value - average)));
            Assert.Equal(expected, records.Read(record), 1e-9);
        },
        iter: 300);

    [Fact]
    public void Rate_IsPerSecondOfTheWindow()
    {
        using var records = new Records(a => a.Rate("rate").Count("n"));
        Assert.Equal(1.5, records.Read(records.Of(1, 2, 3), 0, 2 * TimeSpan.TicksPerSecond));
        Assert.Equal(0, records.Read(records.New(), 0));
    }

    [Fact]
    public void Histogram_Bounds_BelongToTheBucketBelow()
    {
        using var records = new Records(a => a.Histogram("h", [-1, 0, 2.5]));
        var record = records.Of(-2, -1, -0.5, 0, double.Epsilon, 2.5);
        records.Merge(record, records.Of(2.6, 1e300));
        Assert.Equal(["h_le_-1", "h_le_0", "h_le_2.5", "h_gt_2.5"], records.Plan.Metrics.Select(metric => metric.Name));
        Assert.Equal([2, 2, 2, 2], records.ReadBits(record));
    }

    [Fact]
    public void IgnoreMeasure_NonFinite_IsLeftOutByAll()
    {
        using var records = new Records(
            a => a.Count("n").Sum("s", mode: SumMode.Exact).Percentile("p", 100).Distinct("d").StandardDeviation("sd")
                .MovingAverage("ema", 0.5).Histogram("h", [1]).Skewness("skew").SumOfSquares("sq").ZScore("z"),
            policy: DisruptorStream.Events.NonFinitePolicy.IgnoreMeasure);
        var with = records.Of(1, double.NaN, 2, double.PositiveInfinity, 4, double.NegativeInfinity);
        var without = records.Of(1, 2, 4);
        Assert.Equal(records.ReadBits(without)[1..], records.ReadBits(with)[1..]);
        Assert.Equal(6, records.Read(with, 0));
    }

    [Fact]
    public void BadArguments_SayWhatIsWrong()
    {
        using var records = new Records(a =>
        {
            a.Count("n");
            Assert.Throws<ArgumentOutOfRangeException>(() => a.Percentile("p", 101));
            Assert.Throws<ArgumentOutOfRangeException>(() => a.Percentile("p", double.NaN));
            Assert.Throws<ArgumentOutOfRangeException>(() => PercentileMode.Sketch(0.6));
            Assert.Throws<ArgumentOutOfRangeException>(() => PercentileMode.ExactUpTo(0));
            Assert.Throws<ArgumentOutOfRangeException>(() => a.Distinct("d", precision: 6));
            Assert.Throws<ArgumentOutOfRangeException>(() => a.Top("t", 0));
            Assert.Throws<ArgumentOutOfRangeException>(() => a.Top("t", 10, capacity: 9));
            Assert.Throws<ArgumentOutOfRangeException>(() => a.MovingAverage("m", 0));
            Assert.Contains("ascend", Assert.Throws<ArgumentException>(
                () => a.Histogram("h", [1, 1])).Message, StringComparison.Ordinal);
            Assert.Throws<ArgumentException>(() => a.Histogram("h", []));
            Assert.Throws<ArgumentException>(() => a.ArgMin("m", "x", "y"));
            Assert.Throws<ArgumentOutOfRangeException>(() => a.Sum("s", mode: (SumMode)9));
        });
        Assert.Single(records.Plan.Metrics);
    }
}
