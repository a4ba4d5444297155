using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace DisruptorStream.Cli.Input.Rows;

/// <summary>Finds the places of some bytes, 64 bytes at a time by a mask with a bit for each.</summary>
internal static unsafe class ByteMasks
{
    private const int BlockBytes = 64;
    private const int PlacesPerStep = 8;

    /// <summary>How many more places than bytes there must be room for.</summary>
    public const int Slack = BlockBytes;

    /// <summary>
    /// Writes the place of each comma, double quote, line feed and return. Returns how many there are.
    /// </summary>
    /// <param name="bytes">The first byte; <see cref="BlockBytes"/> behind the last may be read.</param>
    /// <param name="length">How many bytes there are.</param>
    /// <param name="places">Where the places go.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int FindSeparators(byte* bytes, int length, int* places)
    {
        var next = places;
        for (var block = 0; block < length; block += BlockBytes)
        {
            var mask = SeparatorsOf(bytes + block);
            if (length - block < BlockBytes)
                mask &= (1UL << (length - block)) - 1;
            next = Write(mask, block, next);
        }

        return (int)(next - places);
    }

    /// <summary>Writes the places of the bits of a mask; what is written behind them counts for nothing.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int* Write(ulong mask, int block, int* next)
    {
        var count = BitOperations.PopCount(mask);
        for (var written = 0; written < count; written += PlacesPerStep)
        {
            var to = next + written;
            for (var step = 0; step < PlacesPerStep; step++)
            {
                to[step] = block + BitOperations.TrailingZeroCount(mask);
                mask &= mask - 1;
            }
        }

        return next + count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong SeparatorsOf(byte* block)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            var all = Vector512.Load(block);
            return (Vector512.Equals(all, Vector512.Create((byte)','))
                | Vector512.Equals(all, Vector512.Create((byte)'\n'))
                | Vector512.Equals(all, Vector512.Create((byte)'\r'))
                | Vector512.Equals(all, Vector512.Create((byte)'"'))).ExtractMostSignificantBits();
        }

        if (Vector256.IsHardwareAccelerated)
            return SeparatorsOf(Vector256.Load(block)) | (ulong)SeparatorsOf(Vector256.Load(block + 32)) << 32;
        return SeparatorsOf(Vector128.Load(block))
            | (ulong)SeparatorsOf(Vector128.Load(block + 16)) << 16
            | (ulong)SeparatorsOf(Vector128.Load(block + 32)) << 32
            | (ulong)SeparatorsOf(Vector128.Load(block + 48)) << 48;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint SeparatorsOf(Vector256<byte> bytes) => (
        Vector256.Equals(bytes, Vector256.Create((byte)','))
        | Vector256.Equals(bytes, Vector256.Create((byte)'\n'))
        | Vector256.Equals(bytes, Vector256.Create((byte)'\r'))
        | Vector256.Equals(bytes, Vector256.Create((byte)'"'))).ExtractMostSignificantBits();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint SeparatorsOf(Vector128<byte> bytes) => (
        Vector128.Equals(bytes, Vector128.Create((byte)','))
        | Vector128.Equals(bytes, Vector128.Create((byte)'\n'))
        | Vector128.Equals(bytes, Vector128.Create((byte)'\r'))
        | Vector128.Equals(bytes, Vector128.Create((byte)'"'))).ExtractMostSignificantBits();
}
