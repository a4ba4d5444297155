using DisruptorStream.Durability.Files;

namespace DisruptorStream.Simulation.Disks;

/// <summary>Writes bytes of the managed heap.</summary>
internal static class FileBytes
{
    public static unsafe void Write(this IFile file, long offset, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* first = bytes)
            file.Write(offset, [new FilePart((nint)first, (nuint)bytes.Length)]);
    }

    public static byte[] ReadAll(this IFile file)
    {
        var bytes = new byte[file.Length];
        var count = file.Read(0, bytes);
        return bytes[..count];
    }
}
