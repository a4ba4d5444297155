using DisruptorStream.Cli.Jobs;

namespace DisruptorStream.Cli.Tests.Jobs;

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
    public void Parse_Length_GivesTicks(string text, long ticks) => Assert.Equal(ticks, Duration.Parse(text).Ticks);

    [Theory]
    [InlineData("")]
    [InlineData("5")]
    [InlineData("m")]
    [InlineData("5x")]
    [InlineData("5 m")]
    [InlineData("99999999999999d")]
    public void Parse_NotALength_SaysSo(string text) =>
        Assert.Contains("not a length of "
            + "time", Assert.Throws<FormatException>(() => Duration.Parse(text)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("tumbling")]
    [InlineData("hopping:5m")]
    [InlineData("tumbling:5m/1m")]
    [InlineData("sliding:5m")]
    [InlineData("session:0s")]
    public void WindowSpecParse_NotAWindow_SaysSo(string text) =>
        Assert.ThrowsAny<FormatException>(() => WindowSpec.Parse(text));
}
