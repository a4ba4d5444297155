using DisruptorStream.State.Memory;

namespace DisruptorStream.Tests.State.Memory;

public sealed unsafe class SparseKeysTests : KeysContract
{
    [Fact]
    public void Locate_KeysFarApart_MakesThoseThatAreNewAndFindsTheOthers()
    {
        using var pool = new PagePool(RecordBytes);
        using var keys = new SparseKeys(pool, Initial);
        int[] ids = [.. Enumerable.Range(0, 500).Select(index => index * 4_000_037), 4_000_037, 0];

        var records = Locate(ids, keys.Locate);

        Assert.Equal(ids.Select(id => (nint)keys.Find(id)), records);
        Assert.Equal(500, records.Distinct().Count());
        Assert.Equal((500, (499 * 4_000_037) + 1), (keys.Count, keys.KeyRange));
        Assert.Equal(499 * 4_000_037, keys.LastKey());
        Assert.InRange(pool.PagesInUse, 8, 8);
    }

    [Fact]
    public void Reserve_MoreThanThereAre_FindsThoseBeforeAndAfter()
    {
        using var pool = new PagePool(RecordBytes);
        using var keys = new SparseKeys(pool, Initial);
        var before = (nint)keys.Add(4_000_037);

        keys.Reserve(1000);
        var after = (nint)keys.Add(8_000_074);
        keys.Reserve(0);

        Assert.Equal([before, after], [(nint)keys.Find(4_000_037), (nint)keys.Find(8_000_074)]);
        Assert.Equal(4_000_037, keys.NextKey(0));
        keys.Clear();
        Assert.Equal(-1, keys.NextKey(0));
    }

    [Fact]
    public void LastKey_HighestWasRemoved_IsTheNextOne()
    {
        using var pool = new PagePool(RecordBytes);
        using var keys = new SparseKeys(pool, Initial);
        keys.Add(10);
        keys.Add(int.MaxValue - 1);
        Assert.Equal(int.MaxValue - 1, keys.LastKey());

        keys.Remove(int.MaxValue - 1);

        Assert.Equal(10, keys.LastKey());
        keys.Remove(10);
        Assert.Equal(-1, keys.LastKey());
    }

    private protected override KeysForm New(PagePool pool)
    {
        var keys = new SparseKeys(pool, Initial);
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
