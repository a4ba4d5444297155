using DisruptorStream.Cli.Completion;

namespace DisruptorStream.Cli.Tests.Completion;

public sealed class LineWordsTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("a", "a")]
    [InlineData("a ", "a|")]
    [InlineData("a  b", "a|b")]
    [InlineData("a \"b c", "a|b c")]
    [InlineData("a 'b \" c' d", "a|b \" c|d")]
    [InlineData("a b\\ c", "a|b c")]
    [InlineData("a \"\" b", "a||b")]
    [InlineData("a \"b \\\"c\\\"", "a|b \"c\"")]
    public void Split_ALine_GivesItsWords(string line, string expected) =>
        Assert.Equal(expected, string.Join('|', LineWords.Split(line)));
}
