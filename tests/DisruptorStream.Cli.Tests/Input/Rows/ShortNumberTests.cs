using System.Globalization;
using System.Text;
using DisruptorStream.Cli.Input.Rows;

namespace DisruptorStream.Cli.Tests.Input.Rows;

/// <summary>Short numbers are the doubles and integers that the class library makes of them.</summary>
/// <remarks>DISRUPTORSTREAM_NUMBERS is how many random texts are tried: 1,000,000 unless it is set.</remarks>
public sealed unsafe class ShortNumberTests
{
    private static readonly PaddedText Padded = new();

    private const int Default = 1_000_000;
    private const string Digits = "0123456789";
    private const string Any = "0123456789.-+eE ,\0\u007f:/";

    [Theory]
    [InlineData("0.1")]
    [InlineData("-0.0")]
    [InlineData("5.")]
    [InlineData(".5")]
    [InlineData("-.5")]
    [InlineData("242.1")]
    [InlineData("90071992547.0993")]
    [InlineData("0.00000000000001")]
    [InlineData("123456789012345.")]
    [InlineData(".123456789012345")]
    public void TryDecimal_ShortText_GivesTheSameDouble(string text) => Assert.True(Check(text));

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData(".")]
    [InlineData("-.")]
    [InlineData("1..2")]
    [InlineData("1.2.3456789012")]
    [InlineData("1-.2")]
    [InlineData("+1.5")]
    [InlineData("1e5.")]
    [InlineData("1234567890123456.7")]
    public void TryDecimal_OtherText_IsLeftToTheClassLibrary(string text) => Assert.False(Check(text));

    [Fact]
    public void TryDecimal_RandomTexts_GiveWhatTheClassLibraryGives()
    {
        var random = new Random(20_261_129);
        var taken = 0;
        for (var number = TestScale.Of("DISRUPTORSTREAM_NUMBERS", Default); number > 0; number--)
            taken += Check(Random(random)) ? 1 : 0;
        Assert.True(taken > 1000, $"{taken} were short numbers.");
    }

    /// <summary>Returns whether it is read; then it must be what the class library says.</summary>
    private static bool Check(string text)
    {
        var bytes = Encoding.Latin1.GetBytes(text);
        foreach (var around in "9.-\0"u8)
        {
            var padded = Padded.Set(bytes, around);
            if (ShortNumber.TryDigits(padded.First, padded.Length, out var integer))
            {
                var isInteger = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var expected);
                Assert.True(isInteger, text);
                Assert.Equal(expected, integer);
                return true;
            }

            Assert.False(text.Length is > 0 and <= 16 && !text.AsSpan().ContainsAnyExceptInRange('0', '9'), text);
            if (!ShortNumber.TryDecimal(padded.First, padded.Length, out var value))
                return false;
            Assert.True(double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var same), text);
            Assert.Equal(BitConverter.DoubleToInt64Bits(same), BitConverter.DoubleToInt64Bits(value));
        }

        return true;
    }

    private static string Random(Random random)
    {
        Span<char> text = stackalloc char[20];
        text = text[..random.Next(1, text.Length)];
        foreach (ref var one in text)
            one = Digits[random.Next(Digits.Length)];
        if (random.Next(4) > 0)
            text[random.Next(text.Length)] = '.';
        if (random.Next(3) == 0)
            text[0] = '-';
        if (random.Next(8) == 0)
            text[random.Next(text.Length)] = Any[random.Next(Any.Length)];
        return new string(text);
    }
}
