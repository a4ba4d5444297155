using DisruptorStream.Cli.Text;

namespace DisruptorStream.Cli.Tests.Text;

public sealed class PlainTextTests
{
    [Theory]
    [InlineData("plain \u00e9\u4e2d", "plain \u00e9\u4e2d")]
    [InlineData("a\u001b[2Jb", "a\u00b7[2Jb")]
    [InlineData("\u009b5A\u007f", "\u00b75A\u00b7")]
    [InlineData("a\r\nb\tc\0", "a\u00b7\u00b7b\u00b7c\u00b7")]
    [InlineData("\u202ex\u2066y\u2028z", "\u00b7x\u00b7y\u00b7z")]
    [InlineData("a\u200eb\u200fc\u061cd\u200be\ufefff", "a\u00b7b\u00b7c\u00b7d\u00b7e\u00b7f")]
    public void Of_AText_HidesWhatCommandsATerminal(string text, string expected) =>
        Assert.Equal(expected, PlainText.Of(text));

    [Fact]
    public void Of_LongBytes_IsCut() => Assert.Equal("xxx...", PlainText.Of("xxxxxxxxxxxxxxxxxxxx"u8, 3));
}
