namespace DisruptorStream.Durability.Files;

/// <summary>What can be told of an error of a file system.</summary>
internal static class FileErrors
{
    /// <summary>The system's number for: no space left on device. The same on Linux and macOS.</summary>
    public const int NoSpace = 28;

    private const int LinuxQuota = 122;
    private const int MacQuota = 69;
    private const int WindowsDiskFull = unchecked((int)0x8007_0070);
    private const int WindowsHandleDiskFull = unchecked((int)0x8007_0027);

    /// <summary>Whether there was no room: the disk is full, or the user's quota is used up.</summary>
    /// <remarks>
    /// On Linux and macOS the result code of an <see cref="IOException"/> is the system's error number, in the
    /// framework's own errors too.
    /// </remarks>
    public static bool IsDiskFull(Exception error)
    {
        if (error is not IOException)
            return false;
        if (OperatingSystem.IsWindows())
            return error.HResult is WindowsDiskFull or WindowsHandleDiskFull;
        return error.HResult == NoSpace || error.HResult == (OperatingSystem.IsMacOS() ? MacQuota : LinuxQuota);
    }
}
