using CsCheck;
using DisruptorStream.Ingest.Keys.Probes;

namespace DisruptorStream.Tests.Ingest.Keys.Probes;

public class StableHashTests
{
    /// <summary>Golden values: a change here changes what every machine computes, and must be meant.</summary>
    [Theory]
    [InlineData("", 0xF1E2B9C4u)]
    [InlineData("a", 0x0DC3F686u)]
    [InlineData("ab", 0x1C2C50DCu)]
    [InlineData("abc", 0xC1B03F29u)]
    [InlineData("abcd", 0x80A36773u)]
    [InlineData("sensor-0042", 0xA8D364E1u)]
    [InlineData("a key of more than thirty-two characters", 0x2DAEE985u)]
    [InlineData("żółw \U0001F422", 0x7CB8497Fu)]
    public void Of_Text_IsTheGoldenValue(string key, uint expected) => Assert.Equal(expected, StableHash.Of(key));

    [Fact]
    public void Of_NumbersAndGuids_AreTheGoldenValues()
    {
        Assert.Equal(0x99C70DC1u, StableHash.Of(0));
        Assert.Equal(0x6BC367D5u, StableHash.Of(1));
        Assert.Equal(0x24DF2C7Au, StableHash.Of(-1L));
        Assert.Equal(0xA24DD324u, StableHash.Of(Int128.MinValue));
        Assert.Equal(0xEFBA3EE3u, StableHash.Of(Guid.Parse("6f9619ff-8b86-d011-b42d-00c04fc964ff")));
    }

    [Fact]
    public void Of_EqualIntegersOfAnyWidth_Agree()
    {
        uint[] hashes =
        [
            StableHash.Of((byte)7), StableHash.Of((sbyte)7), StableHash.Of((short)7), StableHash.Of((ushort)7),
            StableHash.Of((char)7), StableHash.Of(7), StableHash.Of(7u), StableHash.Of(7L), StableHash.Of(7UL),
        ];
        Assert.Single(hashes.Distinct());
        Assert.Equal(StableHash.Of(-7), StableHash.Of((sbyte)-7));
        Assert.Equal(StableHash.Of((Int128)(-7)), StableHash.Of((UInt128)(Int128)(-7)));
    }

    [Fact]
    public void Of_Enum_IsThatOfItsNumber() => Assert.Equal(StableHash.Of(5L), StableHash.Of(DayOfWeek.Friday));

    [Fact]
    public void Of_AnyText_DependsOnItsContentAlone() =>
        Gen.String.Sample(key => StableHash.Of(key) == StableHash.Of(("x" + key + "y").AsSpan(1, key.Length)));

    [Fact]
    public void Of_TuplesOfTexts_DependsOnEachTextAndOnNothingElse()
    {
        Assert.Equal((530631300u, 2916212113u), (StableHash.Of(("calls", "eu")), StableHash.Of(("calls", "eu", ""))));
        Assert.Equal(StableHash.Of(("a", (string?)null)), StableHash.Of(("a", "")));
        Gen.Select(Gen.String, Gen.String, Gen.String).Sample((first, second, third) =>
            StableHash.Of((first, second)) == StableHash.Of((Copy(first), Copy(second)))
            && StableHash.Of((first, second, third)) == StableHash.Of((Copy(first), Copy(second), Copy(third)))
            && (first == second || StableHash.Of((first, second)) != StableHash.Of((second, first))));
        Assert.NotEqual(StableHash.Of(("ab", "c")), StableHash.Of(("a", "bc")));

        static string Copy(string text) => new(text.AsSpan());
    }

    [Fact]
    public void Of_OtherEquatables_FollowsTheirOwnHashCode() =>
        Assert.Equal(StableHash.Of(new Pair(1, 2)), StableHash.Of(new Pair(1, 2)));

    /// <summary>Each bit of a number that flips turns about half of the bits of the hash, wherever they are.</summary>
    [Fact]
    public void Of_OneBitFlippedInALong_FlipsEachHashBitAboutHalfOfTheTime()
    {
        const int Samples = 4_000;
        var random = new Random(7);
        var flips = new int[64, 32];
        for (var sample = 0; sample < Samples; sample++)
        {
            var value = random.NextInt64(long.MinValue, long.MaxValue);
            for (var bit = 0; bit < 64; bit++)
            {
                var changed = StableHash.Of(value) ^ StableHash.Of(value ^ (1L << bit));
                for (var output = 0; output < 32; output++)
                    flips[bit, output] += (int)((changed >> output) & 1);
            }
        }

        Assert.All(flips.Cast<int>(), flipped => Assert.InRange(flipped, Samples * 35 / 100, Samples * 65 / 100));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(7)]
    [InlineData(10)]
    [InlineData(23)]
    public void Of_OneBitFlippedInAText_FlipsEachHashBitAboutHalfOfTheTime(int length)
    {
        const int Samples = 2_000;
        var random = new Random(length);
        var flips = new int[length * 16, 32];
        var chars = new char[length];
        for (var sample = 0; sample < Samples; sample++)
        {
            for (var i = 0; i < length; i++)
                chars[i] = (char)random.Next(char.MaxValue + 1);
            var original = StableHash.Of(chars.AsSpan());
            for (var bit = 0; bit < length * 16; bit++)
            {
                chars[bit / 16] ^= (char)(1 << (bit % 16));
                var changed = original ^ StableHash.Of(chars.AsSpan());
                chars[bit / 16] ^= (char)(1 << (bit % 16));
                for (var output = 0; output < 32; output++)
                    flips[bit, output] += (int)((changed >> output) & 1);
            }
        }

        Assert.All(flips.Cast<int>(), flipped => Assert.InRange(flipped, Samples * 40 / 100, Samples * 60 / 100));
    }

    [Fact]
    public void Of_ConsecutiveKeys_SpreadOverBucketsLikeChance()
    {
        const int Keys = 1 << 16;
        foreach (var hash in new Func<int, uint>[] { i => StableHash.Of(i), i => StableHash.Of($"key-{i}") })
        {
            var used = Enumerable.Range(0, Keys).Select(i => hash(i) & (Keys - 1)).Distinct().Count();

            // Chance fills 1 - 1/e of them.
            Assert.InRange(used, (int)(Keys * 0.62), (int)(Keys * 0.66));
        }
    }

    private readonly record struct Pair(int First, int Second);
}
