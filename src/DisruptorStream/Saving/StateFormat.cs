using System.IO.Hashing;

namespace DisruptorStream.Saving;

/// <summary>How a saved state lies in its stream, little endian.</summary>
/// <remarks>
/// <para>Header: magic (8), format version (4), zero (4), layout (16), sequence (8), hash (8).</para>
/// <para>A section is one chunk or several: tag (4), version (2), flags (2), ordinal (4), length (4), the bytes,
/// hash (8). All chunks of a section but the last are full and have the flag <see cref="More"/>.</para>
/// <para>A hash is XxHash3-64 of all that lies before it since the hash before, with that hash as its seed. So each
/// says that all before it is there and in its order, and the one of the last section stands for the whole.</para>
/// </remarks>
internal static class StateFormat
{
    public const ulong Magic = 0x0A1A_4554_4154_5344;
    public const int Version = 1;
    public const int FileHeaderBytes = 40;
    public const int ChunkHeaderBytes = 16;
    public const int HashBytes = sizeof(ulong);

    /// <summary>The most bytes of a chunk, its header and hash not counted.</summary>
    public const int ChunkBytes = 256 * 1024;

    /// <summary>The section goes on in the next chunk.</summary>
    public const ushort More = 1;

    /// <summary>The longest text that is kept whole, in characters.</summary>
    public const int MaxTextChars = 32 * 1024;

    /// <summary>More than any text that is kept can take.</summary>
    public const int MaxTextBytes = 3 * MaxTextChars;

    /// <summary>The last sequence of a state that no slot is in.</summary>
    public const long NoSequence = -1;

    /// <summary>More slots than any processor can have handled.</summary>
    public const long LastSequence = long.MaxValue / 2;

    /// <summary>The hash of bytes that follow others with this hash.</summary>
    public static ulong Hash(ReadOnlySpan<byte> bytes, ulong before) =>
        XxHash3.HashToUInt64(bytes, unchecked((long)before));

    /// <exception cref="PlatformNotSupportedException">Records would lie in memory in another order.</exception>
    public static void ThrowUnlessLittleEndian()
    {
        if (!BitConverter.IsLittleEndian)
        {
            throw new PlatformNotSupportedException(
                "State is saved as it lies in little-endian memory, and this machine is big-endian; save and load on "
                + "a little-endian one.");
        }
    }
}
