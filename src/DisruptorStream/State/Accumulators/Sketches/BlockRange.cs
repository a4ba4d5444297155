using System.Runtime.InteropServices;
using DisruptorStream.State.Memory;

namespace DisruptorStream.State.Accumulators.Sketches;

/// <summary>A block of the pool, seen as consecutive 64-bit items.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct BlockRange
{
    /// <summary>The block; means nothing while the length is 0.</summary>
    public int Block;

    /// <summary>What the first item stands for, where that is a bucket.</summary>
    public int First;

    /// <summary>How many items fit: a power of two, or 0 where there is no block.</summary>
    public int Length;

    public readonly int SizeBytes => Length * sizeof(long);

    public static BlockRange Rent(BlockPool blocks, int sizeBytes) =>
        new() { Block = blocks.Rent(sizeBytes), Length = sizeBytes / sizeof(long) };

    public readonly Span<T> Items<T>(BlockPool blocks)
        where T : unmanaged => Length == 0 ? [] : new(blocks.At(Block), SizeBytes / sizeof(T));

    public void Release(BlockPool blocks)
    {
        if (Length > 0)
            blocks.Return(Block, SizeBytes);
        this = default;
    }

    /// <summary>Gives a copied range a block of its own.</summary>
    public void Duplicate(BlockPool blocks)
    {
        if (Length == 0)
            return;

        var copy = blocks.Rent(SizeBytes);
        Buffer.MemoryCopy(blocks.At(Block), blocks.At(copy), SizeBytes, SizeBytes);
        Block = copy;
    }
}
