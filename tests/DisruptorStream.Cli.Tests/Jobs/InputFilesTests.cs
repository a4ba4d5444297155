using System.Diagnostics;
using DisruptorStream.Cli.Jobs;
using DisruptorStream.Cli.Text;

namespace DisruptorStream.Cli.Tests.Jobs;

public sealed class InputFilesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("dstream").FullName;

    public InputFilesTests()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "deep", "er"));
        Directory.CreateDirectory(Path.Combine(_folder, "d1"));
        Directory.CreateDirectory(Path.Combine(_folder, "d10"));
        foreach (var name in new[] { "d1/x.csv", "d10/x.csv", "b.csv", "a.csv", "ab.csv", "a.txt", "deep/er/c.csv" })
            File.WriteAllText(Path.Combine(_folder, name), "");
        Directory.CreateDirectory(Path.Combine(_folder, ".git"));
        File.WriteAllText(Path.Combine(_folder, ".git", "x.csv"), "");
        File.WriteAllText(Path.Combine(_folder, ".a.csv"), "");
    }

    [Theory]
    [InlineData("*.csv", "a.csv ab.csv b.csv")]
    [InlineData("?.csv", "a.csv b.csv")]
    [InlineData("a*.csv", "a.csv ab.csv")]
    [InlineData("**/*.csv", "a.csv ab.csv b.csv d1/x.csv d10/x.csv deep/er/c.csv")]
    [InlineData("deep/*/c.csv", "deep/er/c.csv")]
    [InlineData("deep/e?/c.csv", "deep/er/c.csv")]
    [InlineData("d?ep/**/?.csv", "deep/er/c.csv")]
    [InlineData("d?/x.csv", "d1/x.csv")]
    [InlineData("d?*/x.csv", "d1/x.csv d10/x.csv")]
    [InlineData("d*/x.csv", "d1/x.csv d10/x.csv")]
    [InlineData("deep/**", "deep/er/c.csv")]
    [InlineData("./d?/./x.csv", "d1/x.csv")]
    [InlineData(".*.csv", ".a.csv")]
    [InlineData(".*/*.csv", ".git/x.csv")]
    [InlineData("*/x.csv", "d1/x.csv d10/x.csv")]
    public void Expand_Pattern_GivesTheFilesThatFitInOrder(string pattern, string expected) => Assert.Equal(
        expected.Split(' '),
        InputFiles.Expand([Path.Combine(_folder, pattern)])
            .Select(file => Path.GetRelativePath(_folder, file).Replace('\\', '/')));

    [Fact]
    public void Expand_SeveralInputs_KeepsTheirOrder() => Assert.Equal(
        [Path.Combine(_folder, "b.csv"), "-", Path.Combine(_folder, "a.csv")],
        InputFiles.Expand([Path.Combine(_folder, "b.csv"), "-", Path.Combine(_folder, "a.csv")]));

    [Theory]
    [InlineData("none.csv")]
    [InlineData("*.none")]
    public void Expand_NothingThere_SaysSo(string input) =>
        Assert.Throws<FileNotFoundException>(() => InputFiles.Expand([Path.Combine(_folder, input)]));

    [Theory]
    [InlineData("d?/../x.csv")]
    [InlineData("**/../x.csv")]
    public void Expand_UpAgainBehindAWildcard_IsAnErrorOfTheArgument(string pattern) =>
        Assert.Throws<OptionException>(() => InputFiles.Expand([Path.Combine(_folder, pattern)]));

    [Theory]
    [InlineData("- -")]
    [InlineData("- /dev/stdin")]
    [InlineData("/dev/fd/0 b.csv -")]
    [InlineData("q q")]
    [InlineData("q b.csv link")]
    public async Task CheckReadOnce_OnePipeTwice_IsAnErrorOfTheArgument(string names)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such pipes.");
        await MakePipeAsync();

        Assert.Contains(
            "named twice",
            Assert.Throws<OptionException>(() => InputFiles.CheckReadOnce(Paths(names))).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("- b.csv q")]
    [InlineData("b.csv b.csv")]
    [InlineData("/dev/null /dev/null")]
    public async Task CheckReadOnce_WhatCanBeReadTwice_IsFine(string names)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such pipes.");
        await MakePipeAsync();

        InputFiles.CheckReadOnce(Paths(names));
    }

    private List<string> Paths(string names) =>
        [.. names.Split(' ').Select(name => name is "-" or ['/', ..] ? name : Path.Combine(_folder, name))];

    private async Task MakePipeAsync()
    {
        using var make = Process.Start("mkfifo", Path.Combine(_folder, "q"));
        await make.WaitForExitAsync();
        File.CreateSymbolicLink(Path.Combine(_folder, "link"), Path.Combine(_folder, "q"));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
