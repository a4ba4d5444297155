using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace DisruptorStream.Durability.Files;

/// <summary>The file system of Linux and macOS, in processes of 64 bits.</summary>
/// <remarks>
/// It promises what the file system below it does: some of those that lie on a network or in a user's process take a
/// sync and forget it. An <see cref="IOException"/> has the system's error number as its result code.
/// </remarks>
internal sealed class PosixFileSystem : IFileSystem
{
    public void CreateDirectory(string path)
    {
        var missing = new Stack<string>();
        var there = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        while (!Directory.Exists(there) && Path.GetDirectoryName(there) is { } above)
        {
            missing.Push(there);
            there = above;
        }

        SyncParentOfFirst(there);
        foreach (var directory in missing)
        {
            Directory.CreateDirectory(directory);
            SyncDirectory(Path.GetDirectoryName(directory)!);
        }
    }

    public IReadOnlyList<string> List(string directory)
    {
        var names = new List<string>();
        foreach (var path in Directory.EnumerateFiles(directory))
            names.Add(Path.GetFileName(path));
        return names;
    }

    public IFile Create(string path) => new PosixFile(path, FileMode.CreateNew);

    public IFile Open(string path) => new PosixFile(path, FileMode.Open);

    public void Rename(string from, string to)
    {
        if (PosixCalls.Rename(from, to) < 0)
            throw PosixCalls.LastError($"give the name '{to}' to the file", from);
    }

    public void Delete(string path)
    {
        if (PosixCalls.Unlink(path) < 0)
            throw PosixCalls.LastError("delete the file", path);
    }

    public void SyncDirectory(string path)
    {
        using var directory = PosixCalls.OpenDirectory(path);
        while (Sync(directory) < 0)
        {
            if (Marshal.GetLastPInvokeError() != PosixCalls.Interrupted)
                throw PosixCalls.LastError("sync the directory", path);
        }

        static int Sync(SafeFileHandle handle) => OperatingSystem.IsMacOS()
            ? PosixCalls.Control(handle, PosixCalls.FullSync)
            : PosixCalls.SyncAll(handle);
    }

    public IDisposable? TryLock(string path)
    {
        try
        {
            // The framework tries to take the lock too, and ignores errors. What it has may be taken once more.
            var file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            if (Hold(file))
                return file;
            file.Dispose();
            return null;
        }
        catch (IOException error) when (error.HResult == PosixCalls.WouldBlock)
        {
            return null;
        }

        bool Hold(SafeFileHandle file)
        {
            try
            {
                return PosixCalls.TryLock(file, path);
            }
            catch
            {
                file.Dispose();
                throw;
            }
        }
    }

    // Each directory is synced before the next one is made in it. So of those that are there, only the last may have a
    // name that is not durable, where a process ended between the two calls.
    private void SyncParentOfFirst(string directory)
    {
        if (Path.GetDirectoryName(directory) is not { } parent)
            return;
        try
        {
            SyncDirectory(parent);
        }
        catch (UnauthorizedAccessException)
        {
            // Who may not read it has not made a directory in it either.
        }
    }
}
