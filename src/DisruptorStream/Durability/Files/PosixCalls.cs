using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace DisruptorStream.Durability.Files;

/// <summary>The calls of the C library that the framework lacks, or swallows errors of.</summary>
/// <remarks>
/// Those with a variable list of arguments are called without any of these: on some processors they would be passed in
/// another way. Offsets are of 64 bits, as in each 64-bit process.
/// </remarks>
internal static partial class PosixCalls
{
    /// <summary>EINTR.</summary>
    public const int Interrupted = 4;

    /// <summary>ENOSYS of Linux.</summary>
    public const int NotImplemented = 38;

    /// <summary>EOPNOTSUPP of Linux.</summary>
    public const int NotSupported = 95;

    /// <summary>F_FULLFSYNC of macOS, where fsync leaves bytes in the cache of the drive.</summary>
    public const int FullSync = 51;

    private const int NotPermitted = 1;
    private const int NotFound = 2;
    private const int AccessDenied = 13;
    private const int LinuxWouldBlock = 11;
    private const int MacWouldBlock = 35;
    private const int LinuxCloseOnExecute = 0x80000;
    private const int MacCloseOnExecute = 0x1000000;
    private const int ExclusiveWithoutWaiting = 2 | 4;

    /// <summary>EWOULDBLOCK.</summary>
    public static int WouldBlock => OperatingSystem.IsMacOS() ? MacWouldBlock : LinuxWouldBlock;

    /// <summary>Opens a directory, so that it can be synced.</summary>
    /// <exception cref="IOException">There is none, or the system says no.</exception>
    public static SafeFileHandle OpenDirectory(string path)
    {
        var flags = OperatingSystem.IsMacOS() ? MacCloseOnExecute : LinuxCloseOnExecute;
        while (true)
        {
            var handle = Open(path, flags);
            if (!handle.IsInvalid)
                return handle;
            var error = Marshal.GetLastPInvokeError();
            handle.Dispose();
            if (error != Interrupted)
                throw Error("open the directory", path, error);
        }
    }

    /// <summary>Takes the lock of an open file; false where another owner has it.</summary>
    public static bool TryLock(SafeFileHandle file, string path)
    {
        while (Lock(file, ExclusiveWithoutWaiting) < 0)
        {
            var error = Marshal.GetLastPInvokeError();
            if (error == WouldBlock)
                return false;
            if (error != Interrupted)
                throw Error("lock the file", path, error);
        }

        return true;
    }

    /// <summary>What to throw for the error of the last call.</summary>
    /// <param name="what">What was tried, after: Could not.</param>
    /// <param name="path">With which file or directory.</param>
    public static Exception LastError(string what, string path) => Error(what, path, Marshal.GetLastPInvokeError());

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int SyncData(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int SyncAll(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int Control(SafeFileHandle file, int command);

    [LibraryImport("libc", EntryPoint = "fallocate", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int Reserve(SafeFileHandle file, int mode, long offset, long length);

    [LibraryImport("libc", EntryPoint = "pwritev", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial nint WriteGathered(SafeFileHandle file, in FilePart first, int count, long offset);

    [LibraryImport("libc", EntryPoint = "rename", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int Rename(string from, string to);

    [LibraryImport("libc", EntryPoint = "unlink", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int Unlink(string path);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int Describe(SafeFileHandle file, string path, int flags, uint mask, Span<byte> description);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    public static partial int Describe(int directory, string path, int flags, uint mask, Span<byte> description);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial SafeFileHandle Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Lock(SafeFileHandle file, int operation);

    private static Exception Error(string what, string path, int error)
    {
        var message = $"Could not {what} '{path}': {Marshal.GetPInvokeErrorMessage(error)} (error {error}).";
        return error switch
        {
            NotFound => new FileNotFoundException(message, path),
            NotPermitted or AccessDenied => new UnauthorizedAccessException(message),
            _ => new IOException(message, error),
        };
    }
}
