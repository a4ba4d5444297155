using DisruptorStream.State.Memory;

namespace DisruptorStream.Tests.State.Memory;

/// <summary>Native blocks of all sizes: apart from each other, and used again.</summary>
public sealed unsafe class BlockPoolTests
{
    [Fact]
    public void Rent_BlocksOfAllSizes_DoNotOverlapAndComeBack()
    {
        using var pool = new BlockPool();
        var blocks = new List<(int Block, int Bytes)>();
        for (var round = 0; round < 3; round++)
        {
            for (var bytes = BlockPool.MaxBytes; bytes >= BlockPool.MinBytes; bytes /= 2)
                blocks.Add((pool.Rent(bytes), bytes));
        }

        for (var index = 0; index < blocks.Count; index++)
            new Span<byte>(pool.At(blocks[index].Block), blocks[index].Bytes).Fill((byte)(index + 1));
        for (var index = 0; index < blocks.Count; index++)
        {
            var (block, bytes) = blocks[index];
            Assert.NotEqual(0, block);
            Assert.Equal(-1, new Span<byte>(pool.At(block), bytes).IndexOfAnyExcept((byte)(index + 1)));
        }

        Assert.Equal(blocks.Sum(block => (long)block.Bytes), pool.BytesInUse);
        var reserved = pool.BytesReserved;
        foreach (var (block, bytes) in blocks)
            pool.Return(block, bytes);
        Assert.Equal(0, pool.BytesInUse);
        foreach (var (_, bytes) in blocks)
            pool.Rent(bytes);
        Assert.Equal(reserved, pool.BytesReserved);
    }

    [Fact]
    public void Rent_OnlyLargeBlocks_StartsAtNoBlockThatMeansNone()
    {
        using var pool = new BlockPool();
        var first = pool.Rent(BlockPool.MaxBytes);
        Assert.NotEqual(0, first);
        for (var count = 0; count < 40; count++)
            Assert.NotEqual(first, pool.Rent(BlockPool.MaxBytes));
    }
}
