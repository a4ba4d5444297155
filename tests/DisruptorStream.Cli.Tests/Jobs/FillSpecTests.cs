using DisruptorStream.Cli.Jobs.Windowing;
using DisruptorStream.Windows.Gaps;

namespace DisruptorStream.Cli.Tests.Jobs;

public sealed class FillSpecTests
{
    [Theory]
    [InlineData("null/24", 24, GapValues.Null)]
    [InlineData("zero/1", 1, GapValues.Zero)]
    [InlineData("previous/100", 100, GapValues.Previous)]
    public void Parse_Fill_IsRead(string text, int most, GapValues with) =>
        Assert.Equal(new FillSpec(most, with), FillSpec.Parse(text));

    [Theory]
    [InlineData("zero", "VALUES/MOST")]
    [InlineData("zeor/3", "did you mean 'zero'?")]
    [InlineData("zero/0", "no number of windows")]
    [InlineData("zero/x", "no number of windows")]
    public void Parse_WrongFill_SaysWhat(string text, string message) => Assert.Contains(
        message, Assert.Throws<FormatException>(() => FillSpec.Parse(text)).Message, StringComparison.Ordinal);
}
