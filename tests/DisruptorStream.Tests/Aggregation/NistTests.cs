using System.Globalization;
using System.Numerics;
using DisruptorStream.Aggregation;
using DisruptorStream.Cli.Tests.RealData;
using DisruptorStream.Statistics;

namespace DisruptorStream.Tests.Aggregation;

/// <summary>The univariate sets of NIST's Statistical Reference Datasets, with their certified values.</summary>
public sealed class NistTests
{
    private const int Digits = 60;

    [Theory]
    [InlineData("Lew")]
    [InlineData("Lottery")]
    [InlineData("Mavro")]
    [InlineData("Michelso")]
    [InlineData("NumAcc1")]
    [InlineData("NumAcc2")]
    [InlineData("NumAcc3")]
    [InlineData("NumAcc4")]
    [InlineData("PiDigits")]
    public void MeanAndDeviation_ReachTheCertifiedDigits(string name)
    {
        var lines = File.ReadAllLines(DataFolder.Require("nist-strd", $"{name}.dat"));
        var certifiedMean = Certified(lines, "Sample Mean");
        var certifiedDeviation = Certified(lines, "Sample Standard Deviation");
        var values = lines.SkipWhile(line => !line.StartsWith("Data: Y", StringComparison.Ordinal)).Skip(2)
            .Where(line => line.Trim().Length > 0)
            .Select(line => double.Parse(line, CultureInfo.InvariantCulture)).ToArray();
        var (mean, deviation) = Exact(values);

        using var records = new Records(a => a.Average("mean").StandardDeviation("sd"));
        Check("mean", records.Read(records.Of(values), 0), mean, certifiedMean, 14);
        Check("deviation", records.Read(records.Of(values), 1), deviation, certifiedDeviation, 12);

        CheckGroupings(values);
        var alone = default(OnlineVariance);
        foreach (var value in values)
            alone.Add(value);
        Check("mean alone", alone.Mean, mean, certifiedMean, 14);
        Check("deviation alone", alone.StandardDeviation, deviation, certifiedDeviation, 12);
    }

    /// <summary>Slices of any length, merged from either end: the same to two units in the last place.</summary>
    private static void CheckGroupings(double[] values)
    {
        using var records = new Records(a => a
            .StandardDeviation("sd").Average("mean", mode: SumMode.Compensated).Average("exact", mode: SumMode.Exact));
        var whole = records.Of(values);
        for (var size = 1; size <= values.Length; size *= 3)
        {
            var slices = values.Chunk(size).Select(chunk => records.Of(chunk)).ToArray();
            for (var last = slices.Length - 1; last > 0; last--)
            {
                var into = size % 2 == 1 ? last - 1 : Math.Max(0, last / 2);
                records.Merge(slices[into], slices[last]);
            }

            var (expected, actual) = (records.ReadBits(whole), records.ReadBits(slices[0]));
            Assert.InRange(actual[0] - expected[0], -2, 2);
            Assert.InRange(actual[1] - expected[1], -2, 2);
            Assert.Equal(expected[2], actual[2]);
        }
    }

    /// <summary>
    /// As many digits of the certified value as asked for, or as many as the data have once they are doubles.
    /// </summary>
    private static void Check(string what, double actual, double representable, double certified, int digits)
    {
        var reachable = Math.Min(digits, Math.Floor(10 * AgreeingDigits(representable, certified)) / 10);
        Assert.True(
            AgreeingDigits(actual, certified) >= reachable,
            string.Create(CultureInfo.InvariantCulture, $"{what} is {actual:R}, {certified:R} to {reachable} digits"));
        Assert.True(
            AgreeingDigits(actual, representable) >= 14,
            string.Create(CultureInfo.InvariantCulture, $"{what} is {actual:R}, of these doubles {representable:R}"));
    }

    private static double AgreeingDigits(double actual, double expected)
    {
        var error = Math.Abs(actual - expected) / (expected == 0 ? 1 : Math.Abs(expected));
        return error == 0 ? 17 : -Math.Log10(error);
    }

    private static double Certified(string[] lines, string label)
    {
        var line = lines.First(candidate => candidate.StartsWith(label, StringComparison.Ordinal));
        return double.Parse(
            line[(line.LastIndexOf(':') + 1)..].Split('(')[0].Trim().Split(' ')[0], CultureInfo.InvariantCulture);
    }

    /// <summary>Mean and sample deviation of these very doubles, in exact arithmetic.</summary>
    private static (double Mean, double Deviation) Exact(double[] values)
    {
        // Every value times 2^1074 is an integer.
        var scaled = values.Select(value => new BigInteger(value * Math.ScaleB(1, 60)) << 1014).ToArray();
        Assert.All(values, value => Assert.Equal(value, Math.Round(value * Math.ScaleB(1, 60)) / Math.ScaleB(1, 60)));
        var sum = scaled.Aggregate(BigInteger.Zero, (total, value) => total + value);
        var count = new BigInteger(values.Length);
        var squares = scaled.Aggregate(
            BigInteger.Zero, (total, value) => total + BigInteger.Pow((value * count) - sum, 2));
        var unit = BigInteger.One << 1074;
        return (
            Quotient(sum, count * unit),
            Math.Sqrt(Quotient(squares, count * count * (count - 1) * unit * unit)));
    }

    private static double Quotient(BigInteger dividend, BigInteger divisor)
    {
        var digits = BigInteger.Divide(dividend * BigInteger.Pow(10, Digits), divisor);
        return double.Parse($"{digits}e-{Digits}", CultureInfo.InvariantCulture);
    }
}
