using System.Buffers;

namespace DisruptorStream.Codecs;

/// <summary>Numbers from 0 on in as few bytes as they need: 7 bits each, the lowest first.</summary>
internal static class VarInt
{
    private const int BitsPerByte = 7;
    private const int MaxBytes = 10;
    private const byte MoreBit = 0x80;

    public static void Write(IBufferWriter<byte> output, ulong number) =>
        output.Advance(Write(output.GetSpan(MaxBytes), number));

    /// <summary>Writes a number to the front of the bytes.</summary>
    /// <returns>How many bytes it takes.</returns>
    public static int Write(Span<byte> bytes, ulong number)
    {
        var count = 0;
        for (; number >= MoreBit; number >>= BitsPerByte)
            bytes[count++] = (byte)(number | MoreBit);
        bytes[count++] = (byte)number;
        return count;
    }

    /// <summary>Takes a number from the front of the bytes.</summary>
    /// <returns>False where the bytes end too early, or are not the shortest form of a number of 64 bits.</returns>
    public static bool TryRead(ref ReadOnlySpan<byte> source, out ulong number)
    {
        number = 0;
        for (var index = 0; index < source.Length && index < MaxBytes; index++)
        {
            var next = source[index];
            if (index == MaxBytes - 1 && next > 1)
                return false;
            number |= (ulong)(next & (MoreBit - 1)) << (BitsPerByte * index);
            if (next >= MoreBit)
                continue;
            source = source[(index + 1)..];
            return next != 0 || index == 0;
        }

        return false;
    }
}
