using System.Runtime.CompilerServices;

namespace DisruptorStream.LoadTests.Workloads;

/// <summary>
/// A digest of results that does not depend on their order: two programs that did the same work have the same.
/// </summary>
internal sealed class ResultDigest
{
    public long Results { get; private set; }

    public ulong Sum { get; private set; }

    /// <param name="label">The window's end, or a session's start, in milliseconds.</param>
    /// <param name="key">The key.</param>
    /// <param name="count">Events.</param>
    /// <param name="sum">Their sum.</param>
    /// <param name="min">The smallest.</param>
    /// <param name="max">The largest.</param>
    public void Add(long label, int key, long count, double sum, double min, double max)
    {
        var hash = Mix(((ulong)label * 0x9E37_79B9_7F4A_7C15) ^ ((ulong)(uint)key << 1));
        hash = Mix(hash ^ (ulong)count);
        hash = Mix(hash ^ BitConverter.DoubleToUInt64Bits(sum));
        hash = Mix(hash ^ BitConverter.DoubleToUInt64Bits(min));
        hash = Mix(hash ^ BitConverter.DoubleToUInt64Bits(max));
        Sum += Mix(hash ^ BitConverter.DoubleToUInt64Bits(sum / count));
        Results++;
    }

    /// <summary>A count alone.</summary>
    public void AddCount(long label, int key, long count) => Add(label, key, count, 0, 0, 0);

    /// <summary>Any metrics, by their bits.</summary>
    public void AddBits(long label, int key, ReadOnlySpan<long> values)
    {
        var hash = Mix(((ulong)label * 0x9E37_79B9_7F4A_7C15) ^ ((ulong)(uint)key << 1));
        foreach (var value in values)
            hash = Mix(hash ^ (ulong)value);
        Sum += hash;
        Results++;
    }

    // The finalizer of MurmurHash3 (Appleby, public domain).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 33)) * 0xFF51_AFD7_ED55_8CCD;
        value = (value ^ (value >> 33)) * 0xC4CE_B9FE_1A85_EC53;
        return value ^ (value >> 33);
    }
}
