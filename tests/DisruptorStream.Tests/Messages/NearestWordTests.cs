using DisruptorStream.Messages;

namespace DisruptorStream.Tests.Messages;

public sealed class NearestWordTests
{
    [Theory]
    [InlineData("agv", "avg")]
    [InlineData("MAX", "max")]
    [InlineData("timestmp", "TIMESTAMP")]
    [InlineData("elephant", null)]
    public void Find_ATypingError_GivesTheWord(string text, string? expected) =>
        Assert.Equal(expected, NearestWord.Find(text, ["avg", "max", "TIMESTAMP", "histogram"]));

    [Fact]
    public void Find_NoWords_GivesNone() => Assert.Null(NearestWord.Find("x", []));
}
