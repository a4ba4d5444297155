using System.Runtime.InteropServices;

namespace DisruptorStream.Rings.Machine;

/// <summary>The pages in which the system hands out memory, on Linux; elsewhere nothing changes.</summary>
/// <remarks>
/// On some virtual machines the first write to a page of 4 KB takes more than ten microseconds, which is longer than
/// copying it many times.
/// </remarks>
internal static partial class MemoryPages
{
    /// <summary>The size of a large page.</summary>
    public const int LargeBytes = 2 * 1024 * 1024;

    private const int UseLargePages = 14;

    /// <summary>
    /// Asks for large pages. They may take the system a while to find, so this is for memory that is filled before
    /// anything runs.
    /// </summary>
    /// <param name="memory">A multiple of <see cref="LargeBytes"/>.</param>
    /// <param name="lengthBytes">How long it is; what does not fill a large page is left as it is.</param>
    public static void AskForLarge(nint memory, nuint lengthBytes)
    {
        if (OperatingSystem.IsLinux())
            _ = Advise(memory, lengthBytes / LargeBytes * LargeBytes, UseLargePages);
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Advise(nint memory, nuint lengthBytes, int advice);
}
