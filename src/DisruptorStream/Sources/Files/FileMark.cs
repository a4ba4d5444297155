using System.IO.Hashing;
using Microsoft.Win32.SafeHandles;

namespace DisruptorStream.Sources.Files;

/// <summary>What a file is known by: its first bytes, and those before a place in it.</summary>
internal static class FileMark
{
    /// <summary>How many bytes each part has at the most.</summary>
    public const int Bytes = 1024;

    /// <summary>Of the first bytes that lie before an offset.</summary>
    /// <exception cref="IOException">The file is shorter, or cannot be read.</exception>
    public static ulong HeadOf(SafeFileHandle file, long offset) => Of(file, 0, (int)Math.Min(offset, Bytes));

    /// <summary>Of the last bytes that lie before an offset.</summary>
    /// <exception cref="IOException">The file is shorter, or cannot be read.</exception>
    public static ulong TailOf(SafeFileHandle file, long offset)
    {
        var count = (int)Math.Min(offset, Bytes);
        return Of(file, offset - count, count);
    }

    private static ulong Of(SafeFileHandle file, long offset, int count)
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        var read = 0;
        while (read < count)
        {
            var now = RandomAccess.Read(file, bytes[read..count], offset + read);
            if (now == 0)
                throw new EndOfStreamException($"The file ends at byte {offset + read}, and was longer.");
            read += now;
        }

        return XxHash3.HashToUInt64(bytes[..count]);
    }
}
