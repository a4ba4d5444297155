using DisruptorStream.State.Memory;

namespace DisruptorStream.Tests.State.Memory;

/// <summary>Native memory in pages and records: apart from each other, and used again.</summary>
public sealed unsafe class PoolTests
{
    [Theory]
    [InlineData(8)]
    [InlineData(40)]
    [InlineData(4096)]
    public void PagePool_PagesInUse_DoNotOverlapAndComeBack(int recordBytes)
    {
        using var pool = new PagePool(recordBytes);
        var pages = new HashSet<nint>();
        for (var i = 0; i < 100; i++)
        {
            var page = pool.Rent();
            Assert.Equal(0, (nint)page % 64);
            new Span<byte>(page, pool.PageBytes).Fill((byte)i);
            Assert.True(pages.Add((nint)page));
        }

        var sorted = pages.Order().ToList();
        Assert.All(sorted.Zip(sorted.Skip(1)), pair => Assert.True(pair.Second - pair.First >= pool.PageBytes));
        var reserved = pool.BytesReserved;
        foreach (var page in sorted)
            pool.Return((byte*)page);
        Assert.Equal(0, pool.PagesInUse);
        for (var i = 0; i < 100; i++)
            Assert.Contains((nint)pool.Rent(), pages);
        Assert.Equal(reserved, pool.BytesReserved);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(12)]
    [InlineData(8192)]
    public void PagePool_RecordOfNoUse_Throws(int recordBytes) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new PagePool(recordBytes));

    [Fact]
    public void PagePool_Disposed_RefusesToRent()
    {
        var pool = new PagePool(8);
        pool.Dispose();
        pool.Dispose();

        Assert.Throws<ObjectDisposedException>(() => { pool.Rent(); });
    }

    [Fact]
    public void SlabPool_Records_StayWhereTheyAreAndComeBack()
    {
        using var pool = new SlabPool(24);
        var indexes = Enumerable.Range(0, 20_000).Select(_ => pool.Rent()).ToList();
        foreach (var index in indexes)
            *(long*)pool[index] = index;

        Assert.Equal(indexes.Count, indexes.Distinct().Count());
        Assert.All(indexes, index => Assert.Equal(index, *(long*)pool[index]));
        pool.Return(indexes[5]);
        Assert.Equal(indexes[5], pool.Rent());
        Assert.Equal(20_000, pool.IndexRange);
    }
}
