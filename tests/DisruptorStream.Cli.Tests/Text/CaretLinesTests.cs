using DisruptorStream.Cli.Text;

namespace DisruptorStream.Cli.Tests.Text;

public sealed class CaretLinesTests
{
    [Theory]
    [InlineData("count, agv(x)", 7, 3, "  --a count, agv(x)\n             ^^^\n")]
    [InlineData("tab\there", 4, 4, "  --a tab here\n          ^^^^\n")]
    [InlineData("", 0, 0, "  --a \n      ^\n")]
    [InlineData("short", 99, 9, "  --a short\n           ^\n")]
    public void Write_APart_IsUnderlined(string text, int start, int length, string expected) =>
        Assert.Equal(expected, Write(text, start, length));

    [Fact]
    public void Write_LongText_IsCutAroundThePart()
    {
        var lines = Write(new string('a', 200) + "WRONG" + new string('b', 200), 200, 5).Split('\n');

        Assert.Equal(
            lines[0].IndexOf("WRONG", StringComparison.Ordinal), lines[1].IndexOf('^', StringComparison.Ordinal));
        Assert.Equal("^^^^^", lines[1].Trim());
        Assert.True(lines[0].Length < 150);
        Assert.EndsWith("b...", lines[0], StringComparison.Ordinal);
    }

    private static string Write(string text, int start, int length)
    {
        using var writer = new StringWriter { NewLine = "\n" };
        CaretLines.Write(writer, "--a", text, start, length);
        return writer.ToString();
    }
}
