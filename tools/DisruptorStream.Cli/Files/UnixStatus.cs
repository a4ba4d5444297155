using System.Globalization;
using System.Runtime.InteropServices;

namespace DisruptorStream.Cli.Files;

/// <summary>What the class library does not say of a file: its kind, and its device and inode.</summary>
internal static partial class UnixStatus
{
    private const int StatusBytes = 512;
    private const int CurrentFolder = -100;
    private const int EmptyPath = 0x1000;
    private const uint BasicStatus = 0x7FF;

    /// <summary>The file that a path leads to, over all links. Null where it is not there, or nobody can say.</summary>
    public static FileIdentity? Find(string path) => OperatingSystem.IsLinux() ? FindOnLinux(CurrentFolder, path, 0)
        : OperatingSystem.IsMacOS() ? FindOnMac(path)
        : null;

    /// <summary>The file behind an open descriptor. Null where nobody can say.</summary>
    public static FileIdentity? Find(int descriptor) =>
        OperatingSystem.IsLinux() ? FindOnLinux(descriptor, "", EmptyPath) : null;

    private static FileIdentity? FindOnLinux(int folder, string path, int flags)
    {
        // struct statx: names at 16, user at 20, group at 24, mode at 28, inode at 32, device at 136.
        var status = new byte[StatusBytes];
        return Statx(folder, path, flags, BasicStatus, status) == 0
            ? Identity(
                MemoryMarshal.Read<ushort>(status.AsSpan(28)),
                MemoryMarshal.Read<ulong>(status.AsSpan(136)),
                MemoryMarshal.Read<ulong>(status.AsSpan(32)),
                (int)MemoryMarshal.Read<uint>(status.AsSpan(16)),
                status.AsSpan(20))
            : null;
    }

    private static FileIdentity? FindOnMac(string path)
    {
        // struct stat: device at 0, mode at 4, names at 6, inode at 8, user at 16, group at 20.
        var status = new byte[StatusBytes];
        var isIntel = RuntimeInformation.ProcessArchitecture == Architecture.X64;
        return (isIntel ? StatOnIntel(path, status) : Stat(path, status)) == 0
            ? Identity(
                MemoryMarshal.Read<ushort>(status.AsSpan(4)),
                MemoryMarshal.Read<uint>(status),
                MemoryMarshal.Read<ulong>(status.AsSpan(8)),
                MemoryMarshal.Read<ushort>(status.AsSpan(6)),
                status.AsSpan(16))
            : null;
    }

    private static FileIdentity Identity(
        int mode, ulong device, ulong inode, int names, ReadOnlySpan<byte> userAndGroup)
    {
        var kind = (mode & 0xF000) switch
        {
            0x4000 => FileKind.Folder,
            0x1000 or 0xC000 => FileKind.Pipe,
            0x8000 => FileKind.Regular,
            _ => FileKind.Device,
        };
        var user = MemoryMarshal.Read<uint>(userAndGroup);
        var group = MemoryMarshal.Read<uint>(userAndGroup[4..]);
        var owner = string.Create(CultureInfo.InvariantCulture, $"{user}:{group}");
        var id = string.Create(CultureInfo.InvariantCulture, $"{device:x}:{inode}");
        return new FileIdentity(kind, id) { Names = names, Owner = owner };
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int folder, string path, int flags, uint mask, Span<byte> status);

    [LibraryImport("libc", EntryPoint = "stat", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Stat(string path, Span<byte> status);

    [LibraryImport("libc", EntryPoint = "stat$INODE64", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatOnIntel(string path, Span<byte> status);
}
