using DisruptorStream.Cli.Jobs;

namespace DisruptorStream.Cli.Tests.Jobs;

public sealed class InputFilesTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("dstream").FullName;

    public InputFilesTests()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "deep", "er"));
        foreach (var name in new[] { "b.csv", "a.csv", "ab.csv", "a.txt", "deep/er/c.csv" })
            File.WriteAllText(Path.Combine(_folder, name), "");
    }

    [Theory]
    [InlineData("*.csv", "a.csv ab.csv b.csv")]
    [InlineData("?.csv", "a.csv b.csv")]
    [InlineData("a*.csv", "a.csv ab.csv")]
    [InlineData("**/*.csv", "a.csv ab.csv b.csv deep/er/c.csv")]
    [InlineData("deep/*/c.csv", "deep/er/c.csv")]
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

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
