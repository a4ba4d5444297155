using System.IO.Enumeration;

namespace DisruptorStream.Cli.Jobs;

/// <summary>A pattern of files: * and ? stand for characters of a name, ** for any folders.</summary>
internal static class FilePattern
{
    private const string AnyFolders = "**";

    private static readonly char[] Wildcards = ['*', '?'];
    private static readonly char[] Separators = ['/', Path.DirectorySeparatorChar];

    public static bool IsPattern(string text) => text.AsSpan().ContainsAny(Wildcards);

    /// <summary>The files that fit, by name; their paths begin as the pattern does.</summary>
    /// <exception cref="FormatException">The pattern goes up again behind a wildcard.</exception>
    public static List<string> Match(string pattern)
    {
        // The part before the first wildcard is a plain folder.
        var cut = pattern.AsSpan(0, pattern.IndexOfAny(Wildcards)).LastIndexOfAny(Separators) + 1;
        var parts = pattern[cut..].Split(Separators).Where(part => part is not ("" or ".")).ToList();
        if (parts.Contains(".."))
        {
            throw new FormatException(
                $"The pattern '{pattern}' has .. behind a wildcard; name the folders that are meant.");
        }

        if (parts[^1] == AnyFolders)
            parts.Add("*");
        var files = new SortedSet<string>(StringComparer.Ordinal);
        Add(files, pattern[..cut], parts, 0);
        return [.. files];
    }

    private static void Add(SortedSet<string> files, string folder, List<string> parts, int index)
    {
        var info = new DirectoryInfo(folder.Length == 0 ? "." : folder);
        if (!info.Exists)
            return;
        var (part, isLast) = (parts[index], index == parts.Count - 1);
        if (part == AnyFolders)
            Add(files, folder, parts, index + 1);
        foreach (var entry in info.EnumerateFileSystemInfos())
        {
            // As in a shell: what begins with a dot is hidden, unless the pattern begins so.
            if (entry.Name[0] == '.' && part[0] != '.')
                continue;
            var path = folder + entry.Name;
            var isFolder = entry is DirectoryInfo;

            // A link to a folder above would lead in a circle.
            if (part == AnyFolders && isFolder && entry.LinkTarget is null)
                Add(files, path + "/", parts, index);
            if (part == AnyFolders || isFolder == isLast
                || !FileSystemName.MatchesSimpleExpression(part, entry.Name, ignoreCase: false))
            {
                continue;
            }

            if (isLast)
                files.Add(path);
            else
                Add(files, path + "/", parts, index + 1);
        }
    }
}
