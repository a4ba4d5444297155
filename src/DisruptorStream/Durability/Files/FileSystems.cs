namespace DisruptorStream.Durability.Files;

/// <summary>The file system of this machine.</summary>
internal static class FileSystems
{
    /// <summary>The one that promises most.</summary>
    public static IFileSystem Default { get; } =
        Environment.Is64BitProcess && (OperatingSystem.IsLinux() || OperatingSystem.IsMacOS())
            ? new PosixFileSystem()
            : new PortableFileSystem();
}
