using DisruptorStream.State.Memory;

namespace DisruptorStream.Tests.State.Memory;

public sealed unsafe class SlabPoolTests
{
    [Fact]
    public void Rent_Records_StayWhereTheyAreAndComeBack()
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

    [Fact]
    public void ReturnAll_RecordsInUse_BeginsAnewWithoutMoreMemory()
    {
        using var pool = new SlabPool(24);
        for (var index = 0; index < 10_000; index++)
            pool.Rent();
        pool.Return(7);
        var reserved = pool.BytesReserved;

        pool.ReturnAll();

        Assert.Equal(Enumerable.Range(0, 10_000), Enumerable.Range(0, 10_000).Select(_ => pool.Rent()));
        Assert.Equal(reserved, pool.BytesReserved);
    }
}
