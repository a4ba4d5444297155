namespace DisruptorStream.Architecture.Documents;

/// <summary>The pages that users read.</summary>
internal static class Document
{
    /// <summary>Every page, relative to the root.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        "README.md",
        "ARCHITECTURE.md",
        .. Directory.EnumerateFiles(Repository.PathOf("docs"), "*.md")
            .Select(path => $"docs/{Path.GetFileName(path)}")
            .Order(StringComparer.Ordinal),
        "packaging/README.md",
        "samples/Cluster/README.md",
        "samples/LlmGateway/README.md",
        "samples/Worker/README.md",
        "src/DisruptorStream/README.md",
        "src/DisruptorStream.Cluster/README.md",
        "src/DisruptorStream.Hosting/README.md",
        "src/DisruptorStream.Nats/README.md",
        "src/DisruptorStream.Orleans/README.md",
        "src/DisruptorStream.Parquet/README.md",
        "src/DisruptorStream.PostgreSql/README.md",
        "src/DisruptorStream.Sqlite/README.md",
        "src/DisruptorStream.Testing/README.md",
        "tools/DisruptorStream.Cli/README.md",
    ];

    /// <summary>The blocks of C# of a page, each with the line on which it begins.</summary>
    public static IEnumerable<(int Line, string Code)> BlocksOf(string page)
    {
        var lines = File.ReadAllLines(Repository.PathOf(page));
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i] != "```csharp")
                continue;
            var begin = i + 1;
            i = Array.IndexOf(lines, "```", begin);
            yield return (begin + 1, string.Join(Environment.NewLine, lines[begin..i]));
        }
    }
}
