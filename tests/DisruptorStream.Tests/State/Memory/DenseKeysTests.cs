using DisruptorStream.State.Memory;

namespace DisruptorStream.Tests.State.Memory;

public sealed unsafe class DenseKeysTests : KeysContract
{
    [Fact]
    public void Locate_KeysOfManyPages_MakesThoseThatAreNewAndFindsTheOthers()
    {
        using var pool = new PagePool(RecordBytes);
        using var keys = new DenseKeys(pool, Initial);
        keys.Add(70_000);

        var records = Locate([3, 70_000, 3, 100_000, 64], keys.Locate);

        Assert.Equal(
            [(nint)keys.Find(3), (nint)keys.Find(70_000), records[0], (nint)keys.Find(100_000), (nint)keys.Find(64)],
            records);
        Assert.Equal((4, 100_001, 100_000), (keys.Count, keys.KeyRange, keys.LastKey()));
        Assert.Equal(4, pool.PagesInUse);
    }

    [Fact]
    public void AddRun_OverThePage_EndsThere()
    {
        using var pool = new PagePool(RecordBytes);
        using var keys = new DenseKeys(pool, Initial);

        var records = keys.AddRun(60, 10, out var count);

        Assert.Equal(4, count);
        Assert.True(records == keys.Find(60));
        Assert.Equal(60, keys.NextRun(0, out var length));
        Assert.Equal((4, 4, 64), (length, keys.Count, keys.KeyRange));
        keys.AddRun(64, 64, out count);
        Assert.Equal(64, count);
        keys.NextRun(0, out length);
        Assert.Equal(68, length);
    }

    [Fact]
    public void Remove_LastOfItsPage_GivesThePageBack()
    {
        using var pool = new PagePool(RecordBytes);
        using var keys = new DenseKeys(pool, Initial);
        keys.Add(1);
        keys.Add(2);

        keys.Remove(1);
        Assert.Equal(1, pool.PagesInUse);
        keys.Remove(2);

        Assert.Equal(0, pool.PagesInUse);
        Assert.Equal(-1, keys.LastKey());
        Assert.Throws<ArgumentOutOfRangeException>(() => { keys.Add(-1); });
    }

    private protected override KeysForm New(PagePool pool)
    {
        var keys = new DenseKeys(pool, Initial);
        return new KeysForm(keys)
        {
            Count = () => keys.Count,
            KeyRange = () => keys.KeyRange,
            Find = key => (nint)keys.Find(key),
            Add = key => (nint)keys.Add(key),
            Remove = keys.Remove,
            NextKey = keys.NextKey,
            NextRun = keys.NextRun,
            UnionInto = keys.UnionInto,
            Clear = keys.Clear,
        };
    }
}
