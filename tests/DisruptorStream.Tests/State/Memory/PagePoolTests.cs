using DisruptorStream.State.Memory;

namespace DisruptorStream.Tests.State.Memory;

public sealed unsafe class PagePoolTests
{
    [Theory]
    [InlineData(8)]
    [InlineData(40)]
    [InlineData(4096)]
    public void Rent_PagesInUse_DoNotOverlapAndComeBack(int recordBytes)
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

    [Fact]
    public void Rent_Loading_SlabsGrowOnAndSuitLargePages()
    {
        using var plain = new PagePool(4096);
        using var loading = new PagePool(4096) { IsLoading = true };
        for (var page = 0; page < 8; page++)
            Assert.NotEqual((nint)plain.Rent(), (nint)loading.Rent());

        var ninth = (nint)loading.Rent();
        plain.Rent();

        Assert.Equal(9 * plain.PageBytes, plain.BytesReserved);
        Assert.Equal(16 * loading.PageBytes, loading.BytesReserved);
        Assert.Equal(0, ninth % (2 * 1024 * 1024));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(12)]
    [InlineData(8192)]
    public void Create_RecordOfNoUse_Throws(int recordBytes) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new PagePool(recordBytes));

    [Fact]
    public void Rent_Disposed_Refuses()
    {
        var pool = new PagePool(8);
        pool.Dispose();
        pool.Dispose();

        Assert.Throws<ObjectDisposedException>(() => { pool.Rent(); });
    }
}
