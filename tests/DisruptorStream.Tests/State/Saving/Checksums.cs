using System.Buffers.Binary;
using DisruptorStream.Saving;

namespace DisruptorStream.Tests.State.Saving;

/// <summary>Makes the checksums of a changed state right, as far as its lengths lead.</summary>
internal static class Checksums
{
    public static void Mend(byte[] state)
    {
        var hash = Put(state, 0, StateFormat.FileHeaderBytes, 0);
        var at = StateFormat.FileHeaderBytes + StateFormat.HashBytes;
        while (at + StateFormat.ChunkHeaderBytes <= state.Length)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(state.AsSpan(at + 12));
            var end = at + StateFormat.ChunkHeaderBytes + (long)length;
            if (length < 0 || end + StateFormat.HashBytes > state.Length)
                return;
            hash = Put(state, at, (int)end, hash);
            at = (int)end + StateFormat.HashBytes;
        }
    }

    private static ulong Put(byte[] state, int from, int to, ulong before)
    {
        var hash = StateFormat.Hash(state.AsSpan(from..to), before);
        BinaryPrimitives.WriteUInt64LittleEndian(state.AsSpan(to), hash);
        return hash;
    }
}
