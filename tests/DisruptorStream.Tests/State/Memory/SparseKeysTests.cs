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

    private protected override IKeysForm New(PagePool pool) => new Form(new SparseKeys(pool, Initial));

    private sealed class Form : IKeysForm
    {
        private readonly SparseKeys _keys;

        public Form(SparseKeys keys) => _keys = keys;

        public int Count => _keys.Count;

        public int KeyRange => _keys.KeyRange;

        public nint Find(int key) => (nint)_keys.Find(key);

        public nint Add(int key) => (nint)_keys.Add(key);

        public bool Remove(int key) => _keys.Remove(key);

        public int NextKey(int from) => _keys.NextKey(from);

        public int NextRun(int from, out int length) => _keys.NextRun(from, out length);

        public void UnionInto(KeySet set) => _keys.UnionInto(set);

        public void Clear() => _keys.Clear();

        public void Dispose() => _keys.Dispose();
    }
}
