using System.Globalization;
using System.Text;
using DisruptorStream.Cli.Output;

namespace DisruptorStream.Cli.Tests.Output;

public sealed class NumberTextTests
{
    [Theory]
    [InlineData(0.0)]
    [InlineData(-0.5)]
    [InlineData(1e-4)]
    [InlineData(1e-5)]
    [InlineData(12.3456)]
    [InlineData(12.34567)]
    [InlineData(1e15)]
    [InlineData(999999999999999)]
    [InlineData(99999999999.9999)]
    [InlineData(0.1 + 0.2)]
    [InlineData(double.MaxValue)]
    [InlineData(double.Epsilon)]
    public void Write_AnyNumber_IsWrittenAsTheClassLibraryDoes(double value) => Check(value);

    [Fact]
    public void Write_RandomNumbers_AreWrittenAsTheClassLibraryDoes()
    {
        var random = new Random(7);
        for (var number = 0; number < 300_000; number++)
        {
            Check(BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, 0x7FF0_0000_0000_0000)));
            Check(random.Next(-1_000_000, 1_000_000) / Math.Pow(10, random.Next(7)));
            Check(random.Next(1_000_000) / (double)random.Next(1, 9));
            Check(-0.0);
            Check(random.NextDouble() * Math.Pow(10, random.Next(-8, 18)));
        }
    }

    private static void Check(double value)
    {
        if (!double.IsFinite(value))
            return;
        Span<byte> text = stackalloc byte[32];
        var length = NumberText.Write(value, text);
        Assert.Equal(value.ToString(CultureInfo.InvariantCulture), Encoding.ASCII.GetString(text[..length]));
    }
}
