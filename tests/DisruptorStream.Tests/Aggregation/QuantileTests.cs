using CsCheck;
using DisruptorStream.Aggregation;
using DisruptorStream.State.Accumulators.Sketches;
using DisruptorStream.State.Accumulators.Sketches.Quantiles;
using DisruptorStream.State.Memory;
using DisruptorStream.Statistics;

namespace DisruptorStream.Tests.Aggregation;

public sealed class QuantileTests
{
    private const int Many = 10_000_000;

    private static readonly double[] Percentiles = [0, 1, 5, 25, 50, 75, 90, 95, 99, 99.9, 99.99, 100];

    [Theory]
    [InlineData("uniform")]
    [InlineData("exponential")]
    [InlineData("log-normal")]
    [InlineData("pareto")]
    [InlineData("bimodal")]
    [InlineData("constant")]
    [InlineData("sorted")]
    [InlineData("adversarial")]
    public void Sketch_TenMillionValues_KeepsItsPromise(string distribution)
    {
        var values = Values(distribution, Many);
        using var blocks = new BlockPool();
        var sketch = new QuantileSketch(blocks, 0.01);
        var state = default(QuantileState);
        foreach (var value in values)
            sketch.Add(ref state, value);
        Assert.True(blocks.BytesInUse <= 2 * 2048 * sizeof(long));

        Array.Sort(values);
        sketch.Prepare(in state);
        foreach (var percentile in Percentiles)
        {
            var expected = values[PercentileRank.Of(percentile, values.Length)];
            var actual = sketch.Percentile(in state, percentile);
            Assert.True(
                Math.Abs(actual - expected) <= 0.01 * Math.Abs(expected),
                $"p{percentile} of {distribution}: {actual}, not {expected}");
        }

        sketch.Release(ref state);
        Assert.Equal(0, blocks.BytesInUse);
    }

    [Theory]
    [InlineData("uniform")]
    [InlineData("log-normal")]
    [InlineData("adversarial")]
    [InlineData("wide")]
    public void Sketch_AThousandRandomMerges_EqualsOneSketch(string distribution)
    {
        var values = Values(distribution, 60_000);
        using var records = new Records(a => Array.ForEach(Percentiles, p => a.Percentile($"p{p}", p)));
        var whole = records.Of(values);
        var random = new Random(7);
        random.Shuffle(values);
        var parts = values.Chunk(60).Select(chunk => records.Of(chunk)).ToList();
        while (parts.Count > 1)
        {
            var (into, later) = (random.Next(parts.Count), random.Next(parts.Count));
            if (into == later)
                continue;
            records.Merge(parts[into], parts[later]);
            records.Release(parts[later]);
            parts.RemoveAt(later);
        }

        Assert.Equal(records.ReadBits(whole), records.ReadBits(parts[0]));
        records.Release(parts[0]);
        records.Release(whole);
        Assert.Equal(0, records.Plan.BlockBytesInUse);
    }

    /// <summary>What stands for a bucket may lie beyond all that is in it.</summary>
    [Fact]
    public void Sketch_AnyValuesAndMerges_StaysWithinTheirMinimumAndMaximum() => Gen.Select(
        Gen.OneOf(Gen.Double[-1e3, 1e3], Gen.Double[0.9, 1.1], Gen.Const(7.3)).Array[QuantileSketch.MaxValues + 1, 300],
        Gen.Int[1, 300]).Sample(
        (values, size) =>
        {
            using var records = new Records(a => a
                .Percentile("p0", 0).Percentile("p1", 1).Percentile("p50", 50).Percentile("p99", 99)
                .Percentile("p100", 100));
            var record = records.New();
            foreach (var part in values.Chunk(size))
                records.Merge(record, records.Of(part));
            Assert.Equal((values.Min(), values.Max()), (records.Read(record, 0), records.Read(record, 4)));
            for (var metric = 1; metric < 4; metric++)
                Assert.InRange(records.Read(record, metric), values.Min(), values.Max());
        },
        iter: 300);

    [Theory]
    [InlineData(0.0001)]
    [InlineData(0.001)]
    [InlineData(0.01)]
    public void Sketch_UniformValues_KeepsASmallErrorToo(double error)
    {
        var mode = PercentileMode.Sketch(error);
        using var records = new Records(a => Array.ForEach(Percentiles, p => a.Percentile($"p{p}", p, mode: mode)));
        var random = new Random(3);
        var values = Enumerable.Range(0, 100_000).Select(_ => 1 - random.NextDouble()).ToArray();
        AssertWithin(error, values, records, records.Of(values));
    }

    /// <summary>As documented: a factor of 10^17 between the magnitudes of one sign, at any error.</summary>
    [Fact]
    public void Sketch_AnyErrorAndValues_KeepsThePromiseOverTheDocumentedSpan() => Gen.Select(
        Gen.Double[-4, Math.Log10(0.2)],
        Gen.Double[0, 40],
        Gen.Double[-250, 250],
        Gen.Int[1, 400],
        Gen.Int).Sample(
        (logarithm, decades, lowest, size, seed) =>
        {
            var error = Math.Pow(10, logarithm);
            var mode = PercentileMode.Sketch(error);
            var random = new Random(seed);
            var sign = random.Next(3);
            var values = Enumerable.Range(0, random.Next(QuantileSketch.MaxValues + 1, 600))
                .Select(_ => Math.Pow(10, lowest + (decades * random.NextDouble()))
                    * (sign == 0 || (sign == 1 && random.Next(2) == 0) ? -1 : 1))
                .ToArray();
            using var records = new Records(a => Array.ForEach(Percentiles, p => a.Percentile($"p{p}", p, mode: mode)));
            var record = records.New();
            foreach (var part in values.Chunk(size))
            {
                var later = records.Of(part);
                records.Merge(record, later);
                records.Release(later);
            }

            AssertWithin(error, values, records, record);
        },
        iter: 150);

    [Fact]
    public void Sketch_ValueBelowWhatTheBucketsSpan_MovesNoCounters()
    {
        using var blocks = new BlockPool();
        var bins = new BinStore(blocks, 64);
        var range = default(BlockRange);
        bins.Increment(ref range, 1000);
        bins.Increment(ref range, 900);
        var before = range;
        bins.Increment(ref range, 800);
        bins.Increment(ref range, 700);
        Assert.Equal((before.Block, 937, 64), (range.Block, range.First, range.Length));
        Assert.Equal((3, 1), (bins.CountsOf(in range)[0], bins.CountsOf(in range)[63]));
    }

    [Fact]
    public void Sketch_MoreThanTheBucketsSpan_CountsTheSmallestTogether()
    {
        using var records = new Records(a => a.Percentile("p10", 10).Percentile("p90", 90));
        var record = records.New();
        for (var i = 0; i < 500; i++)
            records.Add(record, 1e-200, 1e200);
        Assert.InRange(records.Read(record, 1), 0.99e200, 1.01e200);
        Assert.InRange(records.Read(record, 0), 1e182, 1e184);
    }

    [Fact]
    public void Percentiles_FewValues_AreExactByNearestRank() => Gen.Select(
        Gen.Double[-1e3, 1e3].Array[1, QuantileSketch.MaxValues], Gen.Double[1, 100]).Sample(
        (values, percentile) =>
        {
            using var records = new Records(a => a
                .Percentile("p", percentile).Percentile("exact", percentile, mode: PercentileMode.Exact));
            var record = records.Of(values);
            var sorted = values.Order().ToArray();
            var expected = sorted[PercentileRank.Of(percentile, sorted.Length)];
            Assert.Equal(expected, records.Read(record, 0));
            Assert.Equal(expected, records.Read(record, 1));
        },
        iter: 300);

    [Theory]
    [InlineData(99.9, 1000, 998)]
    [InlineData(50, 1, 0)]
    [InlineData(0, 10, 0)]
    [InlineData(100, 10, 9)]
    [InlineData(50, 10, 4)]
    [InlineData(50.1, 10, 5)]
    [InlineData(7, 100, 6)]
    [InlineData(99.99, 10_000_000_000, 9_998_999_999)]
    public void Rank_IsTheNearest(double percentile, long count, long expected) =>
        Assert.Equal(expected, PercentileRank.Of(percentile, count));

    [Fact]
    public void Percentiles_OfOneMeasure_ReadOneSketch()
    {
        using var records = new Records(a => a
            .Percentile("p50", 50).Percentile("p95", 95).Percentile("p99", 99)
            .Percentile("fine", 99, mode: PercentileMode.Sketch(0.001)));
        Assert.Equal(
            ["percentiles(x, within 0.1%)", "percentiles(x, within 1%)"],
            records.Plan.Layout.Accumulators.Select(column => column.Identity.ToString()));
        Assert.Equal(["p50", "p95", "p99"], records.Plan.Layout.Accumulators[1].Metrics);
    }

    [Fact]
    public void Percentiles_ZerosSubnormalsAndBothSigns_AreInOrder()
    {
        using var records = new Records(a => Array.ForEach([0d, 20, 50, 80, 100], p => a.Percentile($"p{p}", p)));
        var record = records.New();
        for (var i = 0; i < 100; i++)
            records.Add(record, -1000, -1, 0, double.Epsilon, 1, 1000);
        var actual = Enumerable.Range(0, 5).Select(metric => Math.Round(records.Read(record, metric), 1)).ToList();
        Assert.InRange(actual[0], -1010, -990);
        Assert.InRange(actual[1], -1.1, -0.9);
        Assert.Equal(0, actual[2]);
        Assert.InRange(actual[3], 0.9, 1.1);
        Assert.InRange(actual[4], 990, 1010);
        Assert.Equal(double.NaN, records.Read(records.New()));
    }

    [Fact]
    public void Exact_MoreValuesThanTheBound_FailsAndSaysSo()
    {
        using var records = new Records(a => a.Percentile("p", 50, mode: PercentileMode.ExactUpTo(3)));
        var record = records.Of(1, 2, 3);
        Assert.Null(records.FailureOf(record));
        records.Merge(record, records.Of(4));
        Assert.Contains("at most 3 values", records.FailureOf(record)!.Message, StringComparison.Ordinal);
        Assert.Equal(double.NaN, records.Read(record));
    }

    [Fact]
    public void Copies_ChangeApart()
    {
        using var records = new Records(a => a
            .Percentile("p", 100).Percentile("e", 100, mode: PercentileMode.Exact).Distinct("d").Top("t", 1));
        var record = records.Of([.. Enumerable.Range(0, 300).Select(i => (double)i)]);
        var before = records.ReadBits(record);
        var copy = records.Copy(record);
        records.Add(copy, 1e6, 1e6, 1e6);
        Assert.Equal(before, records.ReadBits(record));
        Assert.NotEqual(before, records.ReadBits(copy));
        records.Reset(copy);
        records.Release(record);
        Assert.Equal(0, records.Plan.BlockBytesInUse);
    }

    [Fact]
    public void Buckets_EdgesOverTheWholeRange_AreWithinTheError() => Gen.Select(
        Gen.Double[-307.6, 308.25],
        Gen.OneOf(Gen.Const(0.0001), Gen.Const(0.01), Gen.Const(0.05), Gen.Const(0.5))).Sample(
        (exponent, error) =>
        {
            var buckets = new RelativeBuckets(error);
            var value = Math.Pow(10, exponent);
            var index = buckets.IndexOf(value);
            Assert.True(Math.Abs(buckets.ValueOf(index) - value) <= error * value, $"{value:R} at {error}");
            Assert.True(buckets.IndexOf(value * 1.0001) >= index);
        },
        iter: 20_000);

    [Fact]
    public unsafe void Buckets_FourAtATime_AreThoseOfOneAtATime() => Gen.Long.Array[1, 37].Sample(
        bits =>
        {
            var buckets = new RelativeBuckets(0.01);
            var values = stackalloc double[40];
            var indexes = stackalloc int[40];
            for (var i = 0; i < bits.Length; i++)
                values[i] = BitConverter.Int64BitsToDouble(bits[i]);
            buckets.IndexesOf(values, bits.Length, indexes);
            for (var i = 0; i < bits.Length; i++)
            {
                var isBucketed = values[i] >= RelativeBuckets.MinValue && double.IsFinite(values[i]);
                if (isBucketed || !(values[i] > 0))
                    Assert.Equal(isBucketed ? buckets.IndexOf(values[i]) : RelativeBuckets.NoBucket, indexes[i]);
            }
        },
        iter: 2000);

    private static void AssertWithin(double error, double[] values, Records records, int record)
    {
        const double DocumentedSpan = 1e17;
        var sorted = values.Order().ToArray();
        var (mostNegative, mostPositive) = (Math.Max(0, -sorted[0]), Math.Max(0, sorted[^1]));
        for (var index = 0; index < Percentiles.Length; index++)
        {
            var expected = sorted[PercentileRank.Of(Percentiles[index], sorted.Length)];
            var actual = records.Read(record, index);
            var smallestTold = (expected < 0 ? mostNegative : mostPositive) / DocumentedSpan;
            var isRight = Math.Abs(expected) >= smallestTold
                ? Math.Abs(actual - expected) <= error * Math.Abs(expected)
                : Math.Sign(actual) == Math.Sign(expected) && Math.Abs(actual) <= (1 + error) * smallestTold
                    && Math.Abs(actual) >= (1 - error) * Math.Abs(expected);
            Assert.True(isRight, $"p{Percentiles[index]} at {error}: {actual:R}, not {expected:R}");
        }
    }

    private static double[] Values(string distribution, int count)
    {
        var random = new Random(42);
        double Normal() =>
            Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        var values = new double[count];
        for (var i = 0; i < count; i++)
        {
            var uniform = random.NextDouble();
            values[i] = distribution switch
            {
                "uniform" => (uniform * 2000) - 1000,
                "exponential" => -Math.Log(1 - uniform),
                "log-normal" => Math.Exp(2 * Normal()),
                "pareto" => 1 / (1 - uniform),
                "bimodal" => (uniform < 0.5 ? 10 : 1e6) + Normal(),
                "constant" => Math.PI,
                "sorted" => i + 1,
                "wide" => Math.ScaleB(1 + uniform, random.Next(-900, 900)) * (random.Next(2) == 0 ? 1 : -1),

                // Ever larger, then ever smaller, in steps of a bucket, over most of what 2,048 buckets span.
                _ => Math.Pow(1.0203, i % 2 == 0 ? i % 1800 : -(i % 150)),
            };
        }

        return values;
    }
}
