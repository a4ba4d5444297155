using System.Globalization;
using System.Text;
using DisruptorStream.Emission.Texts;

namespace DisruptorStream.Tests.Emission.Texts;

public sealed class MomentTextTests
{
    private const int Random = 20_000;

    private readonly MomentText _moments = new();

    [Fact]
    public void Write_AnyMoment_IsTheFrameworksText()
    {
        var random = new Random(7);
        for (var number = 0; number < Random; number++)
        {
            // From any tick to whole days: the shorter the fraction, the more zeros are left out.
            var unit = (long)Math.Pow(10, random.Next(13));
            var ticks = random.NextInt64(DateTime.MaxValue.Ticks) / unit * unit;
            Check(ticks);
            Check(ticks - (ticks % TimeSpan.TicksPerDay));
            Check(ticks - (ticks % TimeSpan.TicksPerDay) + TimeSpan.TicksPerDay - 1);
        }

        Check(0);
        Check(DateTime.MaxValue.Ticks);
    }

    private void Check(long ticksFromYearOne)
    {
        Span<byte> text = stackalloc byte[MomentText.RoomBytes];
        var length = _moments.Write(ticksFromYearOne - DateTime.UnixEpoch.Ticks, ref text[0]);
        var expected = new DateTime(ticksFromYearOne, DateTimeKind.Utc)
            .ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFFZ", CultureInfo.InvariantCulture);
        Assert.Equal(expected, Encoding.ASCII.GetString(text[..length]));
    }
}
