namespace DisruptorStream.Crash.Processes;

/// <summary>Folders for runs to which it does not matter how fast a disk is.</summary>
/// <remarks>
/// In the memory of the machine, where Linux has a place for that and there is room: a sync costs nothing there. What
/// is tested does not depend on it: a process that is killed loses nothing of the page cache, and a power cut is of a
/// disk of the test's own.
/// </remarks>
internal static class MemoryFolder
{
    private const string Memory = "/dev/shm";
    private const long LeastBytes = 48 << 20;

    /// <summary>Makes a new one.</summary>
    /// <param name="prefix">How its name begins.</param>
    /// <returns>Its path.</returns>
    public static string New(string prefix)
    {
        if (!OperatingSystem.IsLinux() || !Directory.Exists(Memory)
            || new DriveInfo(Memory).AvailableFreeSpace < LeastBytes)
        {
            return Directory.CreateTempSubdirectory(prefix).FullName;
        }

        return Directory.CreateDirectory(Path.Combine(Memory, prefix + Path.GetRandomFileName())).FullName;
    }
}
