using DisruptorStream.Cli.Jobs;

namespace DisruptorStream.Cli.Files;

/// <summary>Which file a name stands for: two names of one file, over links of any kind, have one identity.</summary>
/// <param name="Kind">What it is; a file that is not there yet is a regular one.</param>
/// <param name="Id">Device and inode; the path without links where the system has none, or no file is there.</param>
internal sealed record FileIdentity(FileKind Kind, string Id)
{
    private const int MostLinks = 40;

    private static readonly string[] NamesOfStandardOutput =
        [InputFiles.StandardInput, "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"];

    private static readonly StringComparer Comparer =
        OperatingSystem.IsLinux() ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase;

    /// <summary>How many names the file has, over links that are not symbolic.</summary>
    public int Names { get; init; } = 1;

    /// <summary>The user and the group that it belongs to; null where nobody can say.</summary>
    public string? Owner { get; init; }

    /// <summary>Whether a path of an output stands for the standard output.</summary>
    public static bool IsStandardOutput(string path) => NamesOfStandardOutput.Contains(path, StringComparer.Ordinal);

    /// <summary>The file behind a path of the command line; null where that cannot be said.</summary>
    /// <param name="path">The path; "-" for the standard stream.</param>
    /// <param name="isOutput">Whether "-" is the standard output; else the standard input.</param>
    public static FileIdentity? Of(string path, bool isOutput)
    {
        if (isOutput ? IsStandardOutput(path) : path == InputFiles.StandardInput)
            return OfStream(isOutput ? StandardStreams.Output : StandardStreams.Input);
        if (path.Length == 0)
            return null;
        if (!OperatingSystem.IsWindows() && UnixStatus.Find(path) is { } found)
            return found;
        var real = WithoutLinks(path);
        if (Directory.Exists(real))
            return new FileIdentity(FileKind.Folder, real);

        // A file that is not there yet: what tells it from others is its folder, and its name.
        var folder = Path.GetDirectoryName(real) ?? real;
        var id = OperatingSystem.IsWindows() ? null : UnixStatus.Find(folder)?.Id;
        return new FileIdentity(FileKind.Regular, $"{id ?? folder}/{Path.GetFileName(real)}");
    }

    private static FileIdentity? OfStream(int descriptor) =>
        OperatingSystem.IsWindows() || StandardStreams.IsClosed(descriptor) ? null : UnixStatus.Find(descriptor);

    /// <summary>Whether what goes to the one comes out of the other, or replaces it.</summary>
    public bool IsSameFileAs(FileIdentity other) => Kind != FileKind.Device && Comparer.Equals(Id, other.Id);

    /// <summary>The full path of what a path leads to, though no file be there, without links on the way.</summary>
    public static string WithoutLinks(string path) => WithoutLinks(Path.GetFullPath(path), MostLinks);

    private static string WithoutLinks(string path, int linksLeft)
    {
        if (Path.GetDirectoryName(path) is not { } folder || linksLeft == 0)
            return path;
        var plain = Path.Combine(WithoutLinks(folder, linksLeft), Path.GetFileName(path));
        return new FileInfo(plain).LinkTarget is { } target
            ? WithoutLinks(Path.GetFullPath(target, Path.GetDirectoryName(plain)!), linksLeft - 1)
            : plain;
    }
}
