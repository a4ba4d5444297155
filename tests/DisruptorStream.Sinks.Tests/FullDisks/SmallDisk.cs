using System.Diagnostics;

namespace DisruptorStream.Sinks.Tests.FullDisks;

/// <summary>A file system in memory that has little room. Only where this process may mount one.</summary>
internal sealed class SmallDisk : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private SmallDisk(string path) => Path = path;

    /// <summary>Where it is.</summary>
    public string Path { get; }

    private string Filler => System.IO.Path.Combine(Path, "filler");

    /// <summary>Mounts one; null where that is not allowed.</summary>
    public static SmallDisk? TryMount(string path, int kibibytes)
    {
        Directory.CreateDirectory(path);
        return OperatingSystem.IsLinux() && Runs("mount", "-t", "tmpfs", "-o", $"size={kibibytes}k", "tmpfs", path)
            ? new SmallDisk(path)
            : null;
    }

    /// <summary>Takes room, all but some of it.</summary>
    public void Fill(int leftBytes)
    {
        using var file = File.Create(Filler);
        var room = new DriveInfo(Path).AvailableFreeSpace - leftBytes;
        file.Write(new byte[Math.Max(0, room)]);
    }

    /// <summary>Gives the room back.</summary>
    public void Empty() => File.Delete(Filler);

    public void Dispose() => Runs("umount", Path);

    private static bool Runs(string name, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(name, arguments) { RedirectStandardError = true })!;
            return process.WaitForExit(Patience) && process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
