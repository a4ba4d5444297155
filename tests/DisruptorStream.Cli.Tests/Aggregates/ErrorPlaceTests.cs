using DisruptorStream.Cli.Aggregates;
using DisruptorStream.Expressions;
using DisruptorStream.Windows.Texts;

namespace DisruptorStream.Cli.Tests.Aggregates;

/// <summary>Errors say which part of the text is at fault.</summary>
public sealed class ErrorPlaceTests
{
    [Theory]
    [InlineData("count, agv(x)", "agv")]
    [InlineData("count,  p50(x, eror=1)", "eror=1")]
    [InlineData("sum(x, y)", "y")]
    [InlineData("sum(\"x\", mode=exat)", "mode=exat")]
    [InlineData("count, max(x) , max(x)", "max(x)")]
    [InlineData("top(model, 5)", "model")]
    [InlineData("count, sum(x", "sum(x")]
    [InlineData("count(x)", "x")]
    [InlineData("rate, sum()", "sum()")]
    [InlineData("sum(x))", "x)")]
    [InlineData("sum( (x)", "(x")]
    [InlineData("count, sum(\"x)", "\"x")]
    [InlineData("", "")]
    [InlineData("count, ,max(x)", " ")]
    public void Parse_Aggregates_PointsAtThePart(string text, string expected)
    {
        var exception = Assert.Throws<ExpressionException>(() => AggregateList.Parse(text));

        Assert.Equal(expected, text.Substring(exception.Start, exception.Length));
    }

    [Theory]
    [InlineData("mean(x)", "did you mean 'avg'?")]
    [InlineData("percentile(x)", "did you mean 'p95'?")]
    public void Parse_AWordFromElsewhere_NamesOurs(string text, string expected) => Assert.Contains(
        expected,
        Assert.Throws<ExpressionException>(() => AggregateList.Parse(text)).Message,
        StringComparison.Ordinal);

    [Theory]
    [InlineData("tumblng:5m", "tumblng", "did you mean 'tumbling'?")]
    [InlineData("hopping:5m", "hopping", "did you mean 'sliding'?")]
    [InlineData("sliding:5m/1x", "1x", "not a length of time")]
    [InlineData("5m", "5m", "did you mean 'tumbling:5m'?")]
    [InlineData("tumbling:5min", "5min", "did you mean '5m'?")]
    [InlineData("sliding:5m", "5m", "needs 2")]
    [InlineData("session:0s", "0s", "not above zero")]
    public void Parse_Window_PointsAtThePart(string text, string part, string message)
    {
        var exception = Assert.Throws<ExpressionException>(() => WindowSpec.Parse(text));

        Assert.Equal(part, text.Substring(exception.Start, exception.Length));
        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
    }
}
