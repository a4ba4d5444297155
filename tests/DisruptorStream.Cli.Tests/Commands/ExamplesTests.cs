using System.CommandLine;
using DisruptorStream.Cli.Commands;
using DisruptorStream.Cli.Completion;

namespace DisruptorStream.Cli.Tests.Commands;

/// <summary>The examples of help can be understood: a renamed option would show here.</summary>
public sealed class ExamplesTests
{
    [Theory]
    [InlineData("dstream")]
    [InlineData("run")]
    [InlineData("explain")]
    [InlineData("why")]
    [InlineData("state")]
    [InlineData("demo")]
    [InlineData("completion")]
    public void Of_ACommand_ParsesWithoutErrors(string command)
    {
        foreach (var (_, line) in Examples.Of(command))
        {
            var text = line.Replace("\\", "", StringComparison.Ordinal).ReplaceLineEndings(" ");
            text = text[text.IndexOf("dstream ", StringComparison.Ordinal)..];
            text = text.Split(" > ")[0].Split(" | ")[0].TrimEnd(')');
            var parsed = CommandLine.Create().Parse(
                LineWords.Split(text).Skip(1).ToList(), new ParserConfiguration { ResponseFileTokenReplacer = null });

            Assert.Empty(parsed.Errors);
        }
    }
}
