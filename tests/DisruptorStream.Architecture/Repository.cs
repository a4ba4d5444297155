using System.Runtime.CompilerServices;

namespace DisruptorStream.Architecture;

/// <summary>The source tree that these tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    /// <summary>Every C# file of the project, relative to the root, with forward slashes.</summary>
    public static IReadOnlyList<string> SourceFiles { get; } =
    [
        .. new[] { "src", "tests", "perf", "tools", "samples" }
            .SelectMany(
                folder => Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories))
            .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
            .Order(StringComparer.Ordinal),
    ];

    public static string PathOf(string relative) => Path.Combine(Root, relative);

    private static string Find([CallerFilePath] string thisFile = "")
    {
        for (var folder = Path.GetDirectoryName(thisFile); folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "DisruptorStream.sln")))
                return folder;
        }

        throw new DirectoryNotFoundException($"There is no DisruptorStream.sln above {thisFile}.");
    }
}
