using System.Numerics;
using CsCheck;
using DisruptorStream.Aggregation;

namespace DisruptorStream.Tests.Aggregation;

public sealed class SumTests
{
    private static readonly Gen<double[]> AnyFinite =
        Gen.Long.Select(BitConverter.Int64BitsToDouble).Where(double.IsFinite).Array[0, 60];

    [Fact]
    public void Exact_AnyDoubles_IsTheTrueSumRoundedOnce() => AnyFinite.Sample(
        values =>
        {
            using var records = new Records(a => a.Sum("sum", mode: SumMode.Exact));
            Assert.Equal(TrueSum(values), records.Read(records.Of(values)));
        },
        iter: 500);

    [Fact]
    public void Exact_AnyOrderAndGrouping_SameBits() => Gen.Select(AnyFinite, Gen.Int[1, 9], Gen.Int).Sample(
        (values, groups, seed) =>
        {
            using var records = new Records(a => a.Sum("sum", mode: SumMode.Exact).Average("avg", mode: SumMode.Exact));
            var expected = records.ReadBits(records.Of(values));
            var shuffled = values.ToArray();
            new Random(seed).Shuffle(shuffled);
            var total = records.New();
            foreach (var part in shuffled.Chunk(Math.Max(1, shuffled.Length / groups)))
                records.Merge(total, records.Of(part));
            Assert.Equal(expected, records.ReadBits(total));
        },
        iter: 300);

    [Fact]
    public void Exact_ManyAdditions_SettlesItsCarries()
    {
        using var records = new Records(a => a.Sum("sum", mode: SumMode.Exact));
        var record = records.New();
        for (var i = 0; i < 5_000; i++)
            records.Add(record, double.MaxValue / 1e5, -1e-300);
        var each = (TrueBits(double.MaxValue / 1e5) + TrueBits(-1e-300)) * 5_000;
        Assert.Equal(Rounded(each), records.Read(record));
    }

    [Fact]
    public void Compensated_WhatPlainSumsLose_IsKept()
    {
        using var records = new Records(a => a
            .Sum("plain").Sum("compensated", mode: SumMode.Compensated).Average("avg", mode: SumMode.Compensated));
        var record = records.Of(1, 1e100, 1, -1e100);
        Assert.Equal(0, records.Read(record, 0));
        Assert.Equal(2, records.Read(record, 1));
        Assert.Equal(0.5, records.Read(record, 2));
        var parts = records.Of(1, 1e100);
        records.Merge(parts, records.Of(1, -1e100));
        Assert.Equal(2, records.Read(parts, 1));
    }

    [Fact]
    public void Sums_OverflowAndNoValue_AreDocumented()
    {
        using var records = new Records(a => a
            .Sum("plain").Sum("compensated", mode: SumMode.Compensated).Sum("exact", mode: SumMode.Exact)
            .SumOfSquares("squares").Average("avg", mode: SumMode.Exact));
        var record = records.Of(double.MaxValue, double.MaxValue);
        for (var metric = 0; metric < 4; metric++)
            Assert.Equal(double.PositiveInfinity, records.Read(record, metric));
        var none = records.New();
        for (var metric = 0; metric < 4; metric++)
            Assert.Equal(0, records.Read(none, metric));
        Assert.Equal(double.NaN, records.Read(none, 4));
    }

    [Fact]
    public void Sums_Subnormals_AreKept()
    {
        using var records = new Records(a => a.Sum("plain").Sum("exact", mode: SumMode.Exact));
        var record = records.Of(double.Epsilon, double.Epsilon, double.Epsilon);
        Assert.Equal(3 * double.Epsilon, records.Read(record, 0));
        Assert.Equal(3 * double.Epsilon, records.Read(record, 1));
    }

    [Fact]
    public void Sums_CountsAboveTwoToThe32_StayExact()
    {
        using var records = new Records(a => a
            .Count("n").Sum("sum").Sum("exact", mode: SumMode.Exact).Variance("var").Distinct("d").Percentile("p", 50)
            .Top("t", 1).Histogram("h", [1]));
        var record = records.Of(1, 1, 1, 1);
        for (var doubling = 0; doubling < 31; doubling++)
            records.Merge(record, records.Copy(record));
        var expected = Math.Pow(2, 33);
        Assert.Equal(
            [expected, expected, expected, 0, 1, 1, 1, expected, 0, expected, 0],
            Enumerable.Range(0, 11).Select(metric => Math.Round(records.Read(record, metric), 1)));
    }

    private static BigInteger TrueBits(double value)
    {
        var bits = BitConverter.DoubleToInt64Bits(value);
        var exponent = (int)(bits >> 52) & 0x7FF;
        var mantissa = new BigInteger(bits & ((1L << 52) - 1));
        if (exponent > 0)
            mantissa += BigInteger.One << 52;
        var magnitude = mantissa << (Math.Max(1, exponent) - 1);
        return value < 0 ? -magnitude : magnitude;
    }

    private static double TrueSum(double[] values) =>
        Rounded(values.Aggregate(BigInteger.Zero, (sum, value) => sum + TrueBits(value)));

    /// <summary>The double nearest to a multiple of 2^-1074, ties to even.</summary>
    private static double Rounded(BigInteger bits)
    {
        var magnitude = BigInteger.Abs(bits);
        var excess = Math.Max(0, (int)magnitude.GetBitLength() - 53);
        var mantissa = magnitude >> excess;
        var rest = magnitude - (mantissa << excess);
        var half = excess == 0 ? BigInteger.One : BigInteger.One << (excess - 1);
        if (rest > half || (rest == half && !mantissa.IsEven))
            mantissa++;
        var value = Math.ScaleB((double)mantissa, excess - 1074);
        return bits.Sign < 0 ? -value : value;
    }
}
