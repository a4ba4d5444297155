using DisruptorStream.Cli.Terminal;

namespace DisruptorStream.Cli.Tests.Terminal;

public sealed class TerminalRulesTests
{
    [Theory]
    [InlineData(false, true, "TERM=xterm", true)]
    [InlineData(true, true, "TERM=xterm", false)]
    [InlineData(false, false, "TERM=xterm", false)]
    [InlineData(false, true, "TERM=xterm CI=true", false)]
    [InlineData(false, true, "TERM=dumb", false)]
    [InlineData(false, true, "TERM=xterm NO_COLOR=1", true)]
    public void AllowsProgress_Where_NothingComesBetween(
        bool isErrorRedirected, bool resultsGoToFile, string variables, bool expected) => Assert.Equal(
        expected, TerminalRules.AllowsProgress(isErrorRedirected, resultsGoToFile, Environment(variables)));

    [Theory]
    [InlineData(false, "TERM=xterm", true)]
    [InlineData(true, "TERM=xterm", false)]
    [InlineData(false, "TERM=xterm NO_COLOR=1", false)]
    [InlineData(false, "TERM=dumb", false)]
    public void AllowsColour_OnATerminal_UnlessItIsUnwanted(bool isRedirected, string variables, bool expected) =>
        Assert.Equal(expected, TerminalRules.AllowsColour(isRedirected, Environment(variables)));

    private static Func<string, string?> Environment(string variables)
    {
        var values = variables.Split(' ').Select(pair => pair.Split('='))
            .ToDictionary(pair => pair[0], pair => pair[1]);
        return name => values.GetValueOrDefault(name);
    }
}
