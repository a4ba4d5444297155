using System.Runtime.InteropServices;

namespace DisruptorStream.Rings.Machine;

/// <summary>Memory that the system hands out in pages of 2 MB rather than 4 KB, where it can.</summary>
/// <remarks>
/// On some virtual machines the first write to a small page takes longer than copying it many times. A large page may
/// take the system a while to find, so this is for memory that is filled before anything runs.
/// </remarks>
internal static partial class LargePages
{
    public const int Bytes = 2 * 1024 * 1024;

    private const int UseLargePages = 14;

    /// <summary>Asks for large pages; where there are none, nothing changes.</summary>
    /// <param name="memory">A multiple of <see cref="Bytes"/>.</param>
    /// <param name="lengthBytes">How long it is; what does not fill a large page is left as it is.</param>
    public static void Ask(nint memory, nuint lengthBytes)
    {
        if (OperatingSystem.IsLinux())
            _ = Advise(memory, lengthBytes / Bytes * Bytes, UseLargePages);
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Advise(nint memory, nuint lengthBytes, int advice);
}
