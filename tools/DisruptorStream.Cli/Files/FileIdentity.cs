using DisruptorStream.Cli.Jobs;

namespace DisruptorStream.Cli.Files;

/// <summary>Which file a name stands for: two names of one file, over links of any kind, have one identity.</summary>
/// <param name="Kind">What it is; a file that is not there yet is a regular one.</param>
/// <param name="Id">Device and inode; the path without links where the system has none, or no file is there.</param>
internal sealed record FileIdentity(FileKind Kind, string Id)
{
    private const int MostLinks = 40;

    private static readonly StringComparer Names =
        OperatingSystem.IsLinux() ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase;

    /// <summary>The file behind a path of the command line; null where that cannot be said.</summary>
    /// <param name="path">The path; "-" for the standard stream.</param>
    /// <param name="isOutput">Whether "-" is the standard output; else the standard input.</param>
    public static FileIdentity? Of(string path, bool isOutput)
    {
        if (path == InputFiles.StandardInput)
            return OfStream(isOutput ? StandardStreams.Output : StandardStreams.Input);
        if (path.Length == 0)
            return null;
        if (!OperatingSystem.IsWindows() && UnixStatus.Find(path) is { } found)
            return found;
        var real = WithoutLinks(Path.GetFullPath(path), MostLinks);
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
    public bool IsSameFileAs(FileIdentity other) => Kind != FileKind.Device && Names.Equals(Id, other.Id);

    private static string WithoutLinks(string path, int linksLeft)
    {
        if (Path.GetDirectoryName(path) is not { } folder || linksLeft == 0)
            return path;
        var plain = Path.Combine(WithoutLinks(folder, linksLeft - 1), Path.GetFileName(path));
        return new FileInfo(plain).LinkTarget is { } target
            ? WithoutLinks(Path.GetFullPath(target, Path.GetDirectoryName(plain)!), linksLeft - 1)
            : plain;
    }
}
