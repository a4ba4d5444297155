using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace DisruptorStream.Durability.Files;

/// <summary>A number by which a file is told from others that have the same bytes, whatever its name is.</summary>
/// <remarks>
/// The framework tells when a file was made on some systems only; on Linux this is the number of its inode.
/// </remarks>
internal static class FileIdentity
{
    private const int EmptyPath = 0x1000;
    private const uint InodeMask = 0x100;
    private const int InodeOffset = 32;
    private const int DeviceOffset = 136;
    private const int CurrentDirectory = -100;
    private const int DescriptionBytes = 256;

    /// <summary>That of an open file.</summary>
    public static long Of(SafeFileHandle file)
    {
        if (!OperatingSystem.IsLinux())
            return File.GetCreationTimeUtc(file).Ticks;
        Span<byte> description = stackalloc byte[DescriptionBytes];
        return PosixCalls.Describe(file, "", EmptyPath, InodeMask, description) == 0
            ? BinaryPrimitives.ReadInt64LittleEndian(description[InodeOffset..])
            : 0;
    }

    /// <summary>That of the file that a path leads to now, without opening it. Null where there is none.</summary>
    /// <remarks>Who closes a file gives up the locks of his process on it, though he opened it a second time.</remarks>
    public static (long Device, long File)? OfPath(string path)
    {
        if (!OperatingSystem.IsLinux())
            return File.Exists(path) ? (0, File.GetCreationTimeUtc(path).Ticks) : null;
        Span<byte> description = stackalloc byte[DescriptionBytes];
        return PosixCalls.Describe(CurrentDirectory, path, 0, InodeMask, description) == 0
            ? (BinaryPrimitives.ReadInt64LittleEndian(description[DeviceOffset..]),
                BinaryPrimitives.ReadInt64LittleEndian(description[InodeOffset..]))
            : null;
    }
}
