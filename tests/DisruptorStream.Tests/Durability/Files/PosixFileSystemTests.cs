using System.Diagnostics;
using DisruptorStream.Durability.Files;

namespace DisruptorStream.Tests.Durability.Files;

public sealed class PosixFileSystemTests : FileSystemContract
{
    public PosixFileSystemTests()
        : base(new PosixFileSystem()) =>
        Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "The calls are those of POSIX.");

    [Fact]
    public void Default_HereIn64Bits_IsTheOneThatPromisesMost() =>
        Assert.Equal(Environment.Is64BitProcess, FileSystems.Default is PosixFileSystem);

    /// <summary>The framework's own sync returns as if all were well.</summary>
    [Fact]
    public void Sync_WhereThereIsNone_Throws()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "There is no file here that cannot be synced.");
        using var file = FileSystem.Open("/dev/full");

        var error = Assert.Throws<IOException>(file.Sync);
        Assert.Contains("/dev/full", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void TryReserve_MoreThanThereIs_ThrowsWithItsPath()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The call is one of Linux.");
        using var file = FileSystem.Create(PathOf("large"));
        Assert.SkipUnless(file.TryReserve(1), "The file system here reserves nothing.");

        var error = Assert.Throws<IOException>(() => file.TryReserve(1L << 60));
        Assert.Contains(PathOf("large"), error.Message, StringComparison.Ordinal);
        Assert.Equal(1, file.Length);
    }

    [Fact]
    public void TryLock_AnotherProcessHasIt_IsRefused()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/flock"), "There is no command here that takes a lock.");
        using (FileSystem.TryLock(PathOf("lock")))
            Assert.Equal(1, TakeLock("/bin/true"));
        Assert.Equal(0, TakeLock("/bin/true"));

        using var other = Start("-n", PathOf("lock"), "/bin/sh", "-c", "echo held; read line");
        Assert.Equal("held", other.StandardOutput.ReadLine());
        Assert.Null(FileSystem.TryLock(PathOf("lock")));
        other.StandardInput.WriteLine();
        other.WaitForExit(60_000);

        int TakeLock(string command)
        {
            using var process = Start("-n", PathOf("lock"), command);
            process.WaitForExit(60_000);
            return process.ExitCode;
        }

        static Process Start(params string[] arguments) => Process.Start(
            new ProcessStartInfo("/usr/bin/flock", arguments)
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            })!;
    }

    [Fact]
    public void Create_DirectoryThatIsReadOnly_IsDenied()
    {
        Assert.SkipWhen(Environment.IsPrivilegedProcess, "Root may write everywhere.");
        FileSystem.CreateDirectory(PathOf("closed"));
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(PathOf("closed"), UnixFileMode.UserRead | UnixFileMode.UserExecute);

        Assert.Throws<UnauthorizedAccessException>(() => FileSystem.Create(PathOf("closed/a")));
    }

    [Fact]
    public void RenameAndDelete_SystemRefuses_ToldWithPathAndReason()
    {
        FileSystem.CreateDirectory(PathOf("a/b"));
        FileSystem.CreateDirectory(PathOf("c"));

        var rename = Assert.Throws<IOException>(() => FileSystem.Rename(PathOf("c"), PathOf("a")));
        Assert.Contains(PathOf("c"), rename.Message, StringComparison.Ordinal);
        Assert.Contains("empty", rename.Message, StringComparison.Ordinal);
        var delete = Assert.ThrowsAny<SystemException>(() => FileSystem.Delete(PathOf("a")));
        Assert.Contains(PathOf("a"), delete.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_WhereNothingMayBeMade_ThrowsWithItsPath()
    {
        Assert.SkipUnless(Directory.Exists("/sys/kernel"), "There is no directory here that takes no file.");

        var error = Record.Exception(() => FileSystem.Create("/sys/kernel/a").Dispose());
        Assert.True(error is IOException or UnauthorizedAccessException, $"{error}");
        Assert.Contains("/sys/kernel/a", error.Message, StringComparison.Ordinal);
    }
}
