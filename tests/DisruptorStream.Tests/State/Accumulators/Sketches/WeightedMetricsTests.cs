using CsCheck;
using DisruptorStream.Aggregation;
using DisruptorStream.Events;
using DisruptorStream.Tests.Aggregation;

namespace DisruptorStream.Tests.State.Accumulators.Sketches;

/// <summary>Frequent and different values of the measure x, weighed by the measure x1.</summary>
public sealed class WeightedMetricsTests
{
    private const int Kept = 6;

    private static readonly MeasureType[] Integers = [MeasureType.Int64, MeasureType.Int64];
    private static readonly MeasureType[] Doubles = [MeasureType.Int64, MeasureType.Double];

    private static readonly Gen<(long Value, long Weight)[]> Events =
        Gen.Select(Gen.Long[0, 40], Gen.Long[-2, 9]).Array[0, 300];

    [Fact]
    public void Top_FewerValuesThanCounters_IsTheSumOfWeights() => Gen.Select(Events, Gen.Int[1, 80]).Sample(
        (events, size) =>
        {
            using var integers = new Records(a => a.Top("t", 3, "x", "x1"), Integers);
            using var doubles = new Records(a => a.Top("t", 3, "x", "x1"), Doubles);
            var (record, other) = (Fold(integers, events, size), Fold(doubles, events, size, asDoubles: true));
            var expected = events.Where(e => e.Weight > 0).GroupBy(e => e.Value)
                .Select(group => (group.Key, Sum: group.Sum(e => e.Weight)))
                .OrderByDescending(pair => pair.Sum).ThenBy(pair => pair.Key)
                .SelectMany(pair => new[] { pair.Key, pair.Sum, 0L })
                .Concat(Enumerable.Repeat(0L, 9)).Take(9).ToArray();
            Assert.Equal(expected, integers.ReadBits(record));
            Assert.Equal(expected.Select(value => (double)value), Enumerable.Range(0, 9).Select(
                metric => doubles.Read(other, metric)));
            Assert.Equal(events.Count(e => e.Weight < 0), integers.Plan.NegativeWeights.Count);
            Assert.Equal(events.Count(e => e.Weight < 0), doubles.Plan.NegativeWeights.Count);
        },
        iter: 100);

    [Theory]
    [InlineData(1, false)]
    [InlineData(37, false)]
    [InlineData(37, true)]
    public void Top_ManyValues_KeepsTheHeaviestWithinItsBounds(int slices, bool asDoubles)
    {
        const int Capacity = 64;
        const int Count = 20_000;
        using var records = new Records(
            a => a.Top("t", 10, "x", "x1", capacity: Capacity), asDoubles ? Doubles : Integers);
        var random = new Random(3);
        var events = Enumerable.Range(0, Count).Select(_ => (
            Value: (long)Math.Floor(1 / (1 - random.NextDouble())),
            Weight: (long)Math.Exp(random.NextDouble() * 6))).ToArray();
        var record = Fold(records, events, Count / slices, asDoubles);

        var weights = events.GroupBy(e => e.Value).ToDictionary(group => group.Key, group => group.Sum(e => e.Weight));
        var shown = Enumerable.Range(0, 10).Select(rank => (
            Value: records.ReadBits(record)[3 * rank],
            Weight: records.Read(record, (3 * rank) + 1),
            Error: records.Read(record, (3 * rank) + 2))).ToList();
        foreach (var (value, weight, error) in shown)
        {
            Assert.InRange(weights[value], weight - error, weight);
            Assert.InRange(error, 0, events.Sum(e => e.Weight) / (double)Capacity);
        }

        var heavy = weights.Where(pair => pair.Value > shown[^1].Weight).Select(pair => pair.Key);
        Assert.Empty(heavy.Except(shown.Select(entry => entry.Value)));
    }

    [Fact]
    public void Top_IntegerWeightsThatDoNotFit_FailTheWindow()
    {
        using var records = new Records(a => a.Top("t", 1, "x", "x1").Count("n"), Integers);
        var record = Fold(records, [(7, long.MaxValue), (8, 1)], 10);
        Assert.Equal([7, long.MaxValue, 0, 2], records.ReadBits(record));
        var one = Fold(records, [(7, 1)], 1);
        records.Merge(one, record);
        Assert.IsType<OverflowException>(records.FailureOf(one));
        records.AddBits(record, 0, 7, 1);
        records.AddBits(record, 0, 7, 1);
        Assert.Contains("'x1'", records.FailureOf(record)!.Message, StringComparison.Ordinal);
        Assert.Equal(2, records.Plan.Failures.Count);
    }

    [Fact]
    public void Top_DoubleWeights_AreDoublesInTheResults()
    {
        using var records = new Records(a => a.Top("t", 2, "x", "x1", capacity: 2), Doubles);
        Assert.Equal(
            [
                "t_1 Int64", "t_1_weight Double", "t_1_error Double", "t_2 Int64", "t_2_weight Double",
                "t_2_error Double",
            ],
            records.Plan.Metrics.Select(metric => $"{metric.Name} {metric.Type}"));
        var record = records.New();
        foreach (var (value, weight) in new[] { (5L, 0.25), (6, 1.5), (5, 0.5), (9, 0.125), (5, double.MaxValue) })
            records.AddBits(record, 0, value, BitConverter.DoubleToInt64Bits(weight));

        // 9 takes the place of 5, which has 0.75, and 5 then that of the lighter one.
        Assert.Equal(
            [5, double.MaxValue + 0.875, 0.875, 6, 1.5, 0],
            Enumerable.Range(0, 6).Select(metric => records.Read(record, metric)));
    }

    [Fact]
    public void Distinct_FewValues_IsTheSumOfTheirLargestWeights() => Gen.Select(Events, Gen.Int[1, 80]).Sample(
        (events, size) =>
        {
            using var integers = new Records(a => a.Distinct("d", "x", "x1"), Integers);
            using var doubles = new Records(a => a.Distinct("d", "x", "x1"), Doubles);
            var expected = events.Where(e => e.Weight > 0).GroupBy(e => e.Value)
                .Sum(group => group.Max(e => e.Weight));
            Assert.Equal(expected, integers.Read(Fold(integers, events, size)));
            Assert.Equal(expected, doubles.Read(Fold(doubles, events, size, asDoubles: true)));
            Assert.Equal(events.Count(e => e.Weight < 0), integers.Plan.NegativeWeights.Count);
        },
        iter: 100);

    /// <summary>
    /// What is kept in the end is a matter of the values and weights, not of when and where they came.
    /// </summary>
    [Fact]
    public void Distinct_AnyOrderAndGrouping_SameBitsAndBytes() => Gen.Select(
        Gen.Select(Gen.Long[0, 60], Gen.Double[0.001, 1000]).Array[0, 400], Gen.Int[1, 90], Gen.Int[0, 9999]).Sample(
        (events, size, seed) =>
        {
            using var records = new Records(a => a.Distinct("d", "x", "x1", precision: 7), Doubles);
            var whole = Fold(records, Bits(events), events.Length + 1);
            var shuffled = events.ToArray();
            new Random(seed).Shuffle(shuffled);
            var merged = Fold(records, Bits([.. shuffled, .. events.Take(size)]), size);
            Assert.Equal(records.ReadBits(whole), records.ReadBits(merged));
            Assert.Equal(records.Save(whole), records.Save(merged));
        },
        iter: 200);

    [Theory]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(10)]
    public void Distinct_ManyValues_IsUnbiasedAndWithinItsError(int precision)
    {
        const int Runs = 400;
        using var records = new Records(a => a.Distinct("d", "x", "x1", precision: precision), Doubles);
        var kept = (1 << precision) * 3 / 64;
        foreach (var count in new[] { kept + 1, 4 * kept, 30 * kept })
        {
            foreach (var power in new[] { 0, 1, 4 })
            {
                var (sum, squares) = (0.0, 0.0);
                for (var run = 0; run < Runs; run++)
                {
                    var record = records.New();
                    var truth = 0.0;
                    for (var i = 1; i <= count; i++)
                    {
                        var weight = Math.Pow(i, power);
                        truth += weight;
                        records.AddBits(
                            record, 0, (run * 1_000_003L) + i, BitConverter.DoubleToInt64Bits(weight));
                    }

                    var ratio = records.Read(record) / truth;
                    (sum, squares) = (sum + ratio, squares + ((ratio - 1) * (ratio - 1)));
                    records.Release(record);
                }

                // The mean of 400 has a twentieth of the error of one; the error itself is known to some 7 %.
                var error = 1 / Math.Sqrt(kept - 1);
                Assert.InRange(sum / Runs, 1 - (error / 4), 1 + (error / 4));
                Assert.InRange(Math.Sqrt(squares / Runs), 0, error * 1.25);
            }
        }
    }

    [Fact]
    public void Distinct_ValueThatCameBackHeavier_IsKeptAgain()
    {
        using var records = new Records(a => a.Distinct("d", "x", "x1", precision: 7), Doubles);
        var record = records.New();
        for (var value = 1L; value <= 20; value++)
            records.AddBits(record, 0, value, BitConverter.DoubleToInt64Bits(1));
        for (var value = 1L; value <= Kept; value++)
            records.AddBits(record, 0, value, BitConverter.DoubleToInt64Bits(1e9));

        // Six weigh nearly all, and they are the sample.
        Assert.InRange(records.Read(record), Kept * 1e9, (Kept * 1e9) + 1000);
    }

    [Fact]
    public void Weighted_WeightThatIsNoNumber_IsLeftOut()
    {
        using var records = new Records(
            a => a.Top("t", 1, "x", "x1").Distinct("d", "x", "x1"), Doubles, NonFinitePolicy.IgnoreMeasure);
        var record = records.New();
        foreach (var weight in new[] { double.NaN, double.PositiveInfinity, double.NegativeInfinity, 0, 2.5 })
            records.AddBits(record, 0, 3, BitConverter.DoubleToInt64Bits(weight));
        Assert.Equal([3, 2.5, 0, 2.5], Enumerable.Range(0, 4).Select(metric => records.Read(record, metric)));
    }

    [Fact]
    public void Weighted_ParametersOutOfRange_AreRefused()
    {
        using var records = new Records(
            a =>
            {
                Assert.Throws<ArgumentOutOfRangeException>(() => a.Top("t", 0, "x", "x1"));
                Assert.Throws<ArgumentOutOfRangeException>(() => a.Top("t", 3, "x", "x1", capacity: 2));
                Assert.Throws<ArgumentOutOfRangeException>(() => a.Distinct("d", "x", "x1", precision: 17));
                Assert.Throws<ArgumentException>(() => a.Distinct("d", "x", "x2"));
                Assert.Throws<ArgumentException>(() => a.Top("t", 3, "x1", "x"));
                a.Count("n");
            },
            [MeasureType.Symbol, MeasureType.Double]);
    }

    private static (long Value, long Weight)[] Bits((long Value, double Weight)[] events) =>
        [.. events.Select(e => (e.Value, BitConverter.DoubleToInt64Bits(e.Weight)))];

    private static int Fold(
        Records records, (long Value, long Weight)[] events, int size, bool asDoubles = false)
    {
        var record = records.New();
        foreach (var part in events.Chunk(size))
        {
            var slice = records.New();
            foreach (var (value, weight) in part)
            {
                var bits = asDoubles ? BitConverter.DoubleToInt64Bits(weight) : weight;
                records.AddBits(slice, 0, value, bits);
            }

            records.Merge(record, slice);
        }

        return record;
    }
}
