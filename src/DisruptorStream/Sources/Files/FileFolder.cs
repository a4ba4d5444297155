using System.Globalization;

namespace DisruptorStream.Sources.Files;

/// <summary>Finds the files of a source, in the order in which they are read.</summary>
internal sealed class FileFolder
{
    // What has no lines, and may lie beside a file: packed ones, and those of a FileSink.
    private static readonly string[] Others = [".gz", ".zst", ".bz2", ".xz", ".zip", ".position", ".lock"];

    private readonly string _pattern;

    private FileFolder(string directory, string pattern)
    {
        Directory = directory;
        _pattern = pattern;
        IsByName = pattern.Contains('*', StringComparison.Ordinal);
    }

    /// <summary>Where they are, as a whole path.</summary>
    public string Directory { get; }

    /// <summary>Whether they follow by name; else one file is renamed when it is done with.</summary>
    public bool IsByName { get; }

    /// <exception cref="ArgumentException">The path names no file.</exception>
    public static FileFolder Of(string path)
    {
        var whole = Path.GetFullPath(path);
        var (directory, name) = (Path.GetDirectoryName(whole), Path.GetFileName(whole));
        if (directory is null || name.Length == 0 || System.IO.Directory.Exists(whole))
        {
            throw new ArgumentException(
                $"'{path}' is a directory, and not a file; add the name of a file, or one with a star.", nameof(path));
        }

        if (directory.Contains('*', StringComparison.Ordinal))
        {
            throw new ArgumentException(
                $"'{path}' has a star in the name of a directory; files of one directory can be read alone.",
                nameof(path));
        }

        return new FileFolder(directory, name);
    }

    /// <summary>The files that there are, oldest first.</summary>
    /// <exception cref="IOException">The directory cannot be read.</exception>
    public List<FoundFile> List()
    {
        var found = new List<FoundFile>();
        var directory = new DirectoryInfo(Directory);
        if (!directory.Exists)
            return found;
        foreach (var file in directory.EnumerateFiles(IsByName ? _pattern : _pattern + "*"))
        {
            if (IsByName || !IsOther(file.Name))
                found.Add(FoundFile.Of(file));
        }

        found.Sort(Compare);
        return found;
    }

    /// <summary>Whether a file comes behind one that is gone, and of which all was read.</summary>
    public bool IsBehind(FoundFile file, FilePlace gone) => IsByName
        ? string.CompareOrdinal(file.Name, gone.Name) > 0
        : IsNewest(file) || file.WrittenTicks >= gone.WrittenTicks;

    /// <summary>The path of one of them.</summary>
    public string PathOf(string name) => Path.Combine(Directory, name);

    public override string ToString() => Path.Combine(Directory, _pattern);

    private static bool IsOther(string name) =>
        Array.Exists(Others, end => name.EndsWith(end, StringComparison.OrdinalIgnoreCase));

    private int Compare(FoundFile left, FoundFile right)
    {
        if (!IsByName)
        {
            var newest = IsNewest(left).CompareTo(IsNewest(right));
            if (newest != 0)
                return newest;
            var written = left.WrittenTicks.CompareTo(right.WrittenTicks);
            if (written != 0)
                return written;

            // Written to at the same time, as far as the clock of files tells: the higher number is older.
            var number = NumberOf(right).CompareTo(NumberOf(left));
            if (number != 0)
                return number;
        }

        return string.CompareOrdinal(left.Name, right.Name);
    }

    /// <summary>The number behind the name; -1 for none.</summary>
    private int NumberOf(FoundFile file) =>
        file.Name.Length > _pattern.Length
        && int.TryParse(
            file.Name.AsSpan(_pattern.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : -1;

    /// <summary>Whether it is the one that is written to.</summary>
    private bool IsNewest(FoundFile file) => string.Equals(file.Name, _pattern, StringComparison.Ordinal);
}
