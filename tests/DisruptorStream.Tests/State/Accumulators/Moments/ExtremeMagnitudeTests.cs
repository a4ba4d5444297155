using CsCheck;
using DisruptorStream.Aggregation;
using DisruptorStream.Statistics;
using DisruptorStream.Tests.Aggregation;

namespace DisruptorStream.Tests.State.Accumulators.Moments;

/// <summary>Moments of very large and very small numbers are right, or NaN: never almost right.</summary>
public sealed class ExtremeMagnitudeTests
{
    private static readonly double[] Sample = [1, 2, 2.5, 4, 9, -3, 0.5, 7, 7, 1.25];

    [Theory]
    [InlineData(1e80)]
    [InlineData(1e-80)]
    [InlineData(1e100)]
    [InlineData(1e-100)]
    [InlineData(1e150)]
    [InlineData(1e-150)]
    [InlineData(1e-170)]
    [InlineData(1e300)]
    [InlineData(1e-300)]
    [InlineData(1.9e307)]
    public void Moments_OfScaledValues_AreThoseOfTheDefinition(double unit) =>
        AssertMoments([.. Sample.Select(value => value * unit)], 3);

    [Fact]
    public void Moments_AnyValuesTimesAPowerOfTwo_EqualTheDefinition() => Gen.Select(
        Gen.Double[-1000, 1000].Array[2, 50], Gen.Int[-1070, 1010], Gen.Int[1, 50]).Sample(
        (values, exponent, size) =>
            AssertMoments(Array.ConvertAll(values, value => Math.ScaleB(value, exponent)), size),
        iter: 400);

    [Fact]
    public void Moments_ValuesOfDifferentMagnitudes_EqualTheDefinition() => Gen.Select(
        Gen.Select(Gen.Double[-1, 1], Gen.Int[-1070, 1023], Math.ScaleB).Array[2, 20], Gen.Int[1, 20]).Sample(
        (values, size) => AssertMoments(values, size),
        iter: 400);

    [Fact]
    public void Moments_ValuesThatGrowOrShrink_EqualTheDefinition()
    {
        var growing = Enumerable.Range(0, 40)
            .Select(step => Math.ScaleB(1 + (step * 0.01), (50 * step) - 1000))
            .ToArray();
        foreach (var size in new[] { 1, 3, 40 })
        {
            AssertMoments(growing, size);
            AssertMoments([.. growing.Reverse()], size);
            AssertMoments([0, .. growing], size);
            AssertMoments([double.MaxValue, double.MinValue, .. growing], size);
        }
    }

    [Fact]
    public void Variance_TwoHundredLargeValues_IsRight()
    {
        var values = Enumerable.Range(0, 200).Select(index => index % 2 == 0 ? 1e153 : -1e153).ToArray();
        using var records = new Records(a => a.Variance("var"));
        Assert.Equal(1e306 / 199 * 200, records.Read(records.Of(values)), 1e292);
        AssertMoments(values, 7);
    }

    [Fact]
    public void Variance_ThatADoubleCannotHold_IsNaNAndTheDeviationIsRight()
    {
        using var records = new Records(a => a
            .Variance("var").PopulationVariance("pop").StandardDeviation("sd").PopulationStandardDeviation("popsd"));
        foreach (var unit in new[] { 1e200, 1e-200 })
        {
            var record = records.Of(-unit, unit, -unit, unit);
            Assert.Equal(double.NaN, records.Read(record, 0));
            Assert.Equal(double.NaN, records.Read(record, 1));
            Assert.Equal(Math.Sqrt(4.0 / 3), records.Read(record, 2) / unit, 1e-15);
            Assert.Equal(1, records.Read(record, 3) / unit, 1e-15);
        }

        Assert.Equal(0, records.Read(records.Of(1e200, 1e200), 0));
        Assert.Equal(0, records.Read(records.Of(0, 0), 2));
    }

    [Fact]
    public void Moments_OfLargeIntegers_CountEveryUnit() => Gen.Select(
        Gen.Long.Where(value => value is > long.MinValue / 2 and < long.MaxValue / 2),
        Gen.Long[-1000, 1000].Array[2, 30],
        Gen.Int[1, 30]).Sample(
        (origin, steps, size) => AssertIntegers(Array.ConvertAll(steps, step => origin + step), size),
        iter: 300);

    [Fact]
    public void Moments_OfTheSmallestAndLargestInteger_AreThoseOfTheDefinition()
    {
        AssertIntegers([long.MinValue, long.MaxValue, 0, -1, 1, long.MaxValue - 1], 2);
        AssertIntegers([1L << 53, (1L << 53) + 1, (1L << 53) + 2, (1L << 53) + 5], 4);
    }

    [Fact]
    public void Range_OfLargeIntegers_CountsEveryUnit()
    {
        using var records = new Records(a => a.Range("range"), [MeasureType.Int64]);
        var record = records.New();
        records.AddBits(record, 0, (1L << 60) + 1);
        records.AddBits(record, 1, (1L << 60) + 4);
        Assert.Equal(3, records.Read(record));
    }

    [Theory]
    [InlineData(1e-200, 1e-200)]
    [InlineData(1e300, 1e300)]
    [InlineData(1e-300, 1e300)]
    [InlineData(1e200, 5e-324)]
    [InlineData(1e307, 1e307)]
    public void WeightedAverage_ExtremeValuesAndWeights_IsRight(double unit, double weight)
    {
        using var records = new Records(
            a => a.WeightedAverage("w", "x", "x1"), [MeasureType.Double, MeasureType.Double]);
        var (record, later) = (records.New(), records.New());
        Add(record, 1, 3);
        Add(record, 9, 0);
        Add(later, 5, 9);
        records.Merge(record, later);
        Assert.Equal(4, records.Read(record) / unit, 1e-12);

        // The other way round, and after a weight that is so small that it does not count.
        var reverse = records.New();
        records.AddBits(
            reverse, 0, BitConverter.DoubleToInt64Bits(7 * unit), BitConverter.DoubleToInt64Bits(weight * 1e-100));
        records.Merge(reverse, later);
        Add(reverse, 1, 3);
        Assert.Equal(4, records.Read(reverse) / unit, 1e-12);

        void Add(int to, double value, double by) => records.AddBits(
            to, 0, BitConverter.DoubleToInt64Bits(value * unit), BitConverter.DoubleToInt64Bits(by * weight));
    }

    [Fact]
    public void OnlineVariance_AnyMagnitudes_EqualTheDefinition() => Gen.Select(
        Gen.OneOf(
            Gen.Select(Gen.Double[-1, 1], Gen.Int[-1070, 1023], Math.ScaleB).Array[2, 20],
            Gen.Select(
                Gen.Double[-1, 1].Array[2, 20],
                Gen.Int[-1070, 1023],
                (values, exponent) => Array.ConvertAll(values, value => Math.ScaleB(value, exponent)))),
        Gen.Int[1, 20]).Sample(
        (values, size) =>
        {
            var all = default(OnlineVariance);
            foreach (var chunk in values.Chunk(size))
            {
                var part = default(OnlineVariance);
                foreach (var value in chunk)
                    part.Add(value);
                all.Merge(in part);
            }

            var recent = new SlidingWindowStats(values.Length);
            Array.ForEach([1, double.MaxValue, .. values], recent.Add);
            var exact = new ExactMoments(values);
            var largest = values.Max(Math.Abs);
            AssertClose(exact.Mean, all.Mean, 1e-15 * largest, "mean");
            AssertSpread(exact, exact.Variance, all.Variance, "variance");
            AssertSpread(exact, exact.StandardDeviation, all.StandardDeviation, "deviation");
            AssertClose(exact.Mean, recent.Mean, 1e-15 * largest, "mean of the last");
            AssertSpread(exact, exact.Variance, recent.Variance, "variance of the last");
        },
        iter: 400);

    private static void AssertMoments(double[] values, int size)
    {
        using var records = new Records(a => a
            .Skewness("skew").Kurtosis("kurt").ZScore("z").StandardDeviation("sd").Variance("var"));
        var record = records.New();
        foreach (var part in values.Chunk(size))
            records.Merge(record, records.Of(part));
        AssertMoments(new ExactMoments(values), records, record);
    }

    private static void AssertIntegers(long[] values, int size)
    {
        using var records = new Records(
            a => a.Skewness("skew").Kurtosis("kurt").ZScore("z").StandardDeviation("sd").Variance("var"),
            [MeasureType.Int64]);
        var record = records.New();
        var time = 0;
        foreach (var part in values.Chunk(size))
        {
            var later = records.New();
            foreach (var value in part)
                records.AddBits(later, time++, value);
            records.Merge(record, later);
        }

        AssertMoments(new ExactMoments(values), records, record);
    }

    private static void AssertMoments(ExactMoments exact, Records records, int record)
    {
        AssertShape(exact.Skewness, records.Read(record, 0), "skewness");
        AssertShape(exact.Kurtosis, records.Read(record, 1), "kurtosis");
        AssertShape(exact.ZScore, records.Read(record, 2), "z");
        AssertSpread(exact, exact.StandardDeviation, records.Read(record, 3), "deviation");
        AssertSpread(exact, exact.Variance, records.Read(record, 4), "variance");
    }

    /// <summary>What is the same in any unit; NaN where all values are equal.</summary>
    private static void AssertShape(double expected, double actual, string what) => Assert.True(
        double.IsNaN(expected)
            ? double.IsNaN(actual)
            : Math.Abs(expected - actual) <= 1e-12 * Math.Max(1, Math.Abs(expected)),
        $"{what}: {actual:R}, not {expected:R}");

    /// <summary>Right to the unit of a subnormal; NaN for what a double does not hold.</summary>
    private static void AssertSpread(ExactMoments exact, double expected, double actual, string what)
    {
        if (!exact.HasSpread)
            Assert.Equal(0, actual);
        else if (!double.IsFinite(expected) || expected == 0)
            Assert.True(double.IsNaN(actual), $"{what}: {actual:R}, but a double does not hold it");
        else
            AssertClose(expected, actual, 1e-14 * expected, what);
    }

    private static void AssertClose(double expected, double actual, double error, string what) =>
        Assert.True(Math.Abs(expected - actual) <= error + double.Epsilon, $"{what}: {actual:R}, not {expected:R}");
}
