using System.Runtime.InteropServices;

namespace DisruptorStream.Rings.Machine;

/// <summary>The pages in which the system hands out memory, on Linux; elsewhere nothing changes.</summary>
/// <remarks>
/// On some virtual machines the first write to a page of 4 KB takes more than ten microseconds, which is longer than
/// copying it many times, and a tenth of that where many are asked for at once.
/// </remarks>
internal static partial class MemoryPages
{
    /// <summary>The size of a large page.</summary>
    public const int LargeBytes = 2 * 1024 * 1024;

    private const int UseLargePages = 14;
    private const int PopulateForWriting = 23;

    // Less is not worth a call of the system.
    private const int FewPages = 8;

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

    /// <summary>
    /// Makes the pages of memory that is about to be written, all at once; what it holds stays as it is. Before Linux
    /// 5.14, each page is made at its first write, as ever.
    /// </summary>
    /// <param name="memory">Where it begins.</param>
    /// <param name="lengthBytes">How long it is; pages that it does not fill are left as they are.</param>
    public static unsafe void Populate(void* memory, nuint lengthBytes)
    {
        if (!OperatingSystem.IsLinux())
            return;
        var pageBytes = (nuint)Environment.SystemPageSize;
        var begin = ((nuint)memory + pageBytes - 1) / pageBytes * pageBytes;
        var end = ((nuint)memory + lengthBytes) / pageBytes * pageBytes;
        if (end >= begin + (FewPages * pageBytes))
            _ = Advise((nint)begin, end - begin, PopulateForWriting);
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Advise(nint memory, nuint lengthBytes, int advice);
}
