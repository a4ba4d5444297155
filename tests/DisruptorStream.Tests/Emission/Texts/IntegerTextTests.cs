using System.Globalization;
using System.Text;
using DisruptorStream.Emission.Texts;

namespace DisruptorStream.Tests.Emission.Texts;

public sealed class IntegerTextTests
{
    private const int Random = 20_000;

    [Fact]
    public void Write_PowersOfTenAndTheirNeighbours_AreTheFrameworksText()
    {
        for (var (power, digits) = (1L, 1); digits <= 19; power *= 10, digits++)
        {
            for (var distance = -1; distance <= 1; distance++)
            {
                Check(power + distance);
                Check(-power + distance);
            }
        }
    }

    [Fact]
    public void Write_RandomIntegersOfEachLength_AreTheFrameworksText()
    {
        var random = new Random(7);
        for (var number = 0; number < Random; number++)
            Check(random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(64));
        Check(long.MinValue);
        Check(long.MaxValue);
    }

    private static void Check(long value)
    {
        Span<byte> text = stackalloc byte[IntegerText.RoomBytes];
        var length = IntegerText.Write(value, ref text[0]);
        Assert.Equal(value.ToString(CultureInfo.InvariantCulture), Encoding.ASCII.GetString(text[..length]));
    }
}
