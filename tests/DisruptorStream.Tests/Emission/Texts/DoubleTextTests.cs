using System.Globalization;
using System.Text;
using DisruptorStream.Emission.Texts;

namespace DisruptorStream.Tests.Emission.Texts;

public sealed class DoubleTextTests
{
    private const int Random = 300_000;
    private const int FractionBits = 52;
    private const int Exponents = 2047;

    // Two powers of two of the 2,046 whose text of the framework is read as the double below them.
    private static readonly double[] Mistaken = [Math.ScaleB(1, -25), Math.ScaleB(1, -958)];

    [Theory]
    [InlineData(0.0)]
    [InlineData(-0.5)]
    [InlineData(1e-4)]
    [InlineData(1e-5)]
    [InlineData(12.3456)]
    [InlineData(0.1 + 0.2)]
    [InlineData(1e15)]
    [InlineData(999999999999999)]
    [InlineData(99999999999.9999)]
    [InlineData(9007199254740991)]
    [InlineData(9007199254740993)]
    [InlineData(2346581315606881.5)]
    [InlineData(53796516512724768)]
    [InlineData(1e17)]
    [InlineData(9.5e-100)]
    [InlineData(9.5e100)]
    [InlineData(double.MaxValue)]
    [InlineData(double.MinValue)]
    [InlineData(double.Epsilon)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void Write_ADouble_IsTheFrameworksText(double value) => Check(value);

    [Fact]
    public void Write_PowersOfTwoAndTheirNeighbours_AreTheFrameworksText()
    {
        for (var exponent = 0L; exponent < Exponents; exponent++)
        {
            for (var distance = -3; distance <= 3; distance++)
            {
                var value = BitConverter.Int64BitsToDouble((exponent << FractionBits) + distance);
                if (Mistaken.Contains(value))
                    continue;
                Check(value);
                Check(-value);
            }
        }
    }

    [Fact]
    public void Write_PowersOfTenAndTheirNeighbours_AreTheFrameworksText()
    {
        for (var exponent = -323; exponent <= 308; exponent++)
        {
            var power = double.Parse($"1e{exponent}", CultureInfo.InvariantCulture);
            for (var distance = -3; distance <= 3; distance++)
                Check(BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits(power) + distance));
        }
    }

    [Fact]
    public void Write_RandomDoubles_AreTheFrameworksText()
    {
        var random = new Random(7);
        for (var number = 0; number < Random; number++)
        {
            Check(BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue)));
            Check(BitConverter.Int64BitsToDouble(random.NextInt64(1L << FractionBits)));
            Check(random.Next(-1_000_000, 1_000_000) / Math.Pow(10, random.Next(7)));
            Check(random.NextInt64(1L << 60) / Math.Pow(10, random.Next(23)));
            Check(random.Next(1_000_000) / (double)random.Next(1, 9));
            Check(random.NextDouble() * Math.Pow(10, random.Next(-8, 18)));
        }
    }

    [Fact]
    public void Write_WhereTheFrameworkErrs_IsReadAsTheSameDouble()
    {
        foreach (var value in Mistaken)
            Assert.Equal(value, double.Parse(TextOf(value), CultureInfo.InvariantCulture));
    }

    private static void Check(double value)
    {
        Span<byte> text = stackalloc byte[DoubleText.RoomBytes];
        Span<byte> expected = stackalloc byte[DoubleText.RoomBytes];
        var length = DoubleText.Write(value, ref text[0]);
        value.TryFormat(expected, out var expectedLength, default, CultureInfo.InvariantCulture);
        if (!text[..length].SequenceEqual(expected[..expectedLength]))
            Assert.Equal(Encoding.ASCII.GetString(expected[..expectedLength]), TextOf(value));
    }

    private static string TextOf(double value)
    {
        Span<byte> text = stackalloc byte[DoubleText.RoomBytes];
        return Encoding.ASCII.GetString(text[..DoubleText.Write(value, ref text[0])]);
    }
}
