using DisruptorStream.Cli.Jobs;
using DisruptorStream.Expressions;

namespace DisruptorStream.Cli.Tests.Jobs;

public sealed class KeyListTests
{
    [Theory]
    [InlineData("", "", "")]
    [InlineData("host", "host", "host")]
    [InlineData(" host , zone,", "host|zone", "host|zone")]
    [InlineData("host as h, pane AS panel", "host|pane", "h|panel")]
    [InlineData("\"a,b\", \"same as ever\" as s", "a,b|same as ever", "a,b|s")]
    [InlineData("\"same as ever\"", "same as ever", "same as ever")]
    [InlineData("host as \"this as that\"", "host", "this as that")]
    [InlineData("@file", "@file", "file")]
    [InlineData("@file as machine", "@file", "machine")]
    public void Parse_Columns_GivesThemAndTheirNames(string text, string columns, string names)
    {
        var keys = KeyList.Parse(text);

        Assert.Equal(columns, string.Join('|', keys.Columns));
        Assert.Equal(names, string.Join('|', keys.Names));
    }

    [Theory]
    [InlineData("host, zone,host", "host", 11, "Two columns of the key are named 'host'")]
    [InlineData("host, zone as host", "zone as host", 6, "'zone as NAME'")]
    [InlineData("host, window_end", "window_end", 6, "as a column of each window is")]
    [InlineData("pane", "pane", 0, "'pane as NAME'")]
    [InlineData("host as window_start", "host as window_start", 0, "as a column of each window is")]
    [InlineData("host as ", "host as", 0, "lacks a name")]
    [InlineData("a,\"\"", "\"\"", 2, "lacks a name")]
    [InlineData("a, \"b", "\"b", 3, "quotes")]
    [InlineData("@file, a", "@file", 0, "stands alone")]
    [InlineData("a, @file as f", "@file as f", 3, "stands alone")]
    [InlineData("a,  \"\" as b", "\"\" as b", 4, "lacks a name")]
    public void Parse_NamesThatClash_PointsAtThem(string text, string part, int start, string message)
    {
        var exception = Assert.Throws<ExpressionException>(() => KeyList.Parse(text));

        Assert.Equal((part, start), (text.Substring(exception.Start, exception.Length), exception.Start));
        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
    }
}
