namespace DisruptorStream.Architecture.Tidy;

/// <summary>
/// Each change of tests/mutants/mutants.txt fits the sources: the list is run rarely, and they move on.
/// </summary>
public sealed class MutantTests
{
    [Fact]
    public void Mutants_EachOfThem_IsThereOnceInTheSources()
    {
        var problems = new List<string>();
        var mutants = File.ReadAllText(Repository.PathOf("tests/mutants/mutants.txt"))
            .Split("\n\n")
            .Where(part => part.Length > 0 && char.IsAsciiDigit(part[0]))
            .ToList();
        foreach (var lines in mutants.Select(mutant => mutant.Split('\n')))
        {
            var file = lines.Single(line => line.StartsWith("file ", StringComparison.Ordinal))[5..];
            var before = string.Join(
                '\n', lines.Where(line => line.StartsWith("- ", StringComparison.Ordinal)).Select(line => line[2..]));
            var path = Repository.PathOf($"src/DisruptorStream/{file}");
            var times = File.Exists(path) ? File.ReadAllText(path).Split(before).Length - 1 : 0;
            if (times != 1)
                problems.Add($"{lines[0]}: its text is there {times} times in {file}, not once.");
        }

        Assert.True(mutants.Count > 40);
        Assert.True(problems.Count == 0, string.Join(Environment.NewLine, problems));
    }
}
