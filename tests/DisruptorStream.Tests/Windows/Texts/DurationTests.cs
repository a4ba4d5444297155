using DisruptorStream.Windows.Texts;

namespace DisruptorStream.Tests.Windows.Texts;

public sealed class DurationTests
{
    [Theory]
    [InlineData("100ms", 1_000_000)]
    [InlineData("30s", 300_000_000)]
    [InlineData("5m", 3_000_000_000)]
    [InlineData("1.5h", 54_000_000_000)]
    [InlineData("1d", 864_000_000_000)]
    [InlineData("7us", 70)]
    [InlineData("-1s", -10_000_000)]
    [InlineData("0us", 0)]
    [InlineData("10675199d", 9_223_371_936_000_000_000)]
    [InlineData("-10675199d", -9_223_371_936_000_000_000)]
    public void Parse_Length_GivesTicks(string text, long ticks) => Assert.Equal(ticks, Duration.Parse(text).Ticks);

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("m")]
    [InlineData("5x")]
    [InlineData("5 m")]
    [InlineData("NaNs")]
    [InlineData("1,5s")]
    public void Parse_NotALength_SaysSo(string text) =>
        Assert.Contains("not a length of "
            + "time", Assert.Throws<FormatException>(() => Duration.Parse(text)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("99999999999999d")]
    [InlineData("-99999999999999d")]
    [InlineData("99999999999999999999999999999999999999999999us")]
    [InlineData("922337203685477600us")]
    public void Parse_ALengthBeyondTheRange_SaysThatItIsTooLong(string text) => Assert.Equal(
        $"'{text}' is too long; 10675199d is the longest.",
        Assert.Throws<FormatException>(() => Duration.Parse(text)).Message);

    [Theory]
    [InlineData("0.01us")]
    [InlineData("-0.00000001s")]
    public void Parse_ALengthFinerThanATick_SaysThatItIsTooShort(string text) => Assert.Equal(
        $"'{text}' is too short; 0.1us is the shortest.",
        Assert.Throws<FormatException>(() => Duration.Parse(text)).Message);

    [Theory]
    [InlineData("0s")]
    [InlineData("90s")]
    [InlineData("36h")]
    [InlineData("2d")]
    [InlineData("1500ms")]
    [InlineData("0.1us")]
    [InlineData("-5m")]
    public void Format_ALength_IsReadTheSame(string text) => Assert.Equal(text, Duration.Format(Duration.Parse(text)));
}
