namespace DisruptorStream.Architecture.Tidy;

/// <summary>The house rules hold for every source file, and would be noticed if they did not.</summary>
public sealed class TidyTests
{
    private const int MostFilesInAFolder = 15;

    [Fact]
    public void SourceFiles_AllOfThem_KeepTheRules()
    {
        var problems = Repository.SourceFiles
            .SelectMany(path => TidyRules.Check(path, File.ReadAllText(Repository.PathOf(path))))
            .ToList();

        Assert.True(Repository.SourceFiles.Count > 200);
        Assert.True(problems.Count == 0, string.Join(Environment.NewLine, problems));
    }

    [Fact]
    public void Folders_AllOfThem_HoldFewFiles()
    {
        var problems = Repository.SourceFiles
            .GroupBy(path => path[..path.LastIndexOf('/')])
            .Where(folder => folder.Count() > MostFilesInAFolder)
            .Select(folder => $"{folder.Key} holds {folder.Count()} files, more than {MostFilesInAFolder}")
            .ToList();

        Assert.True(problems.Count == 0, string.Join(Environment.NewLine, problems));
    }

    [Theory]
    [InlineData("namespace A.B { class C { } }", "not file-scoped")]
    [InlineData("namespace A.X; class C { }", "is not its folder")]
    [InlineData("namespace A.B; class C { } class D { }", "several types: C, D")]
    [InlineData("namespace A.B; class Helpers { }", "'Helpers' says nothing")]
    [InlineData("namespace A.B; class C(int x) { }", "primary constructor")]
    [InlineData("namespace A.B; unsafe class C { }", "unsafe code outside")]
    [InlineData("namespace A.B; class C\n{\n#region x\n#endregion\n}", "a region")]
    [InlineData("namespace A.B; class C { } // TODO: more", "an open end")]
    public void Check_BrokenRule_IsNoticed(string text, string expected) =>
        Assert.Contains(
            TidyRules.Check("src/A/B/C.cs", text), problem => problem.Contains(expected, StringComparison.Ordinal));

    [Fact]
    public void Check_TooLong_IsNoticed()
    {
        Assert.NotEmpty(TidyRules.Check("src/A/B/C.cs", "namespace A.B; // " + new string('x', 110)));
        Assert.NotEmpty(TidyRules.Check("src/A/B/C.cs", "namespace A.B;" + new string('\n', 401)));
        var method = "namespace A.B; class C { void M() {" + new string('\n', 60) + "} }";
        Assert.Single(TidyRules.Check("src/A/B/C.cs", method));
    }

    [Fact]
    public void Check_RuleKept_SaysNothing() =>
        Assert.Empty(TidyRules.Check("src/A/B/C.cs", "namespace A.B;\n\nrecord C(int X);\n"));
}
