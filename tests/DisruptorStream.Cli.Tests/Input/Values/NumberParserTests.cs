using System.Text;
using DisruptorStream.Cli.Aggregates.Exact;
using DisruptorStream.Cli.Input.Values;

namespace DisruptorStream.Cli.Tests.Input.Values;

public sealed class NumberParserTests
{
    [Theory]
    [InlineData("0", 0.0)]
    [InlineData("-0", 0.0)]
    [InlineData("+5", 5.0)]
    [InlineData("1.50", 1.5)]
    [InlineData("1e3", 1000.0)]
    [InlineData("9007199254740993", 9007199254740992.0)]
    [InlineData("18446744073709551615", 18446744073709551616.0)]
    [InlineData("inf", double.PositiveInfinity)]
    [InlineData("+INF", double.PositiveInfinity)]
    [InlineData("-Inf", double.NegativeInfinity)]
    [InlineData("Infinity", double.PositiveInfinity)]
    [InlineData("nan", double.NaN)]
    [InlineData("", double.NaN)]
    public void TryParse_Number_GivesItsDouble(string text, double expected)
    {
        Assert.True(NumberParser.TryParse(Encoding.UTF8.GetBytes(text), out var value, out _));
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("-9223372036854775808", long.MinValue)]
    [InlineData("9007199254740993", 9007199254740993)]
    [InlineData("7.0", 7L)]
    [InlineData("0", 0L)]
    [InlineData("-1", -1L)]
    public void TryParse_Integer_KeepsItsDigits(string text, long expected)
    {
        Assert.True(NumberParser.TryParse(Encoding.UTF8.GetBytes(text), out _, out var code));
        Assert.True(IntegerCode.IsInteger(code, out var integer));
        Assert.Equal(expected, integer);
    }

    [Theory]
    [InlineData("0.5", IntegerCode.Fraction)]
    [InlineData("9223372036854775808", IntegerCode.Fraction)]
    [InlineData("1e300", IntegerCode.Fraction)]
    [InlineData("", IntegerCode.Missing)]
    [InlineData("inf", IntegerCode.Missing)]
    public void TryParse_NoInteger_SaysSo(string text, long expected)
    {
        Assert.True(NumberParser.TryParse(Encoding.UTF8.GetBytes(text), out _, out var code));
        Assert.Equal(expected, code);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("info")]
    [InlineData("-")]
    [InlineData("1,000")]
    [InlineData("0x10")]
    public void TryParse_Text_SaysSo(string text) =>
        Assert.False(NumberParser.TryParse(Encoding.UTF8.GetBytes(text), out _, out _));
}
