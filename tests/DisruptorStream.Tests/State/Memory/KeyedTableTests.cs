using CsCheck;
using DisruptorStream.Events;
using DisruptorStream.State.Memory;

namespace DisruptorStream.Tests.State.Memory;

/// <summary>A keyed table beside a sorted dictionary, with ids close together and far apart.</summary>
public sealed class KeyedTableTests
{
    private const int RecordBytes = 16;

    [Theory]
    [InlineData(100)]
    [InlineData(20_000)]
    [InlineData(70_000)]
    [InlineData(5_000_000)]
    public void Table_RandomCalls_EqualsASortedDictionary(int keyRange) =>
        Gen.Select(Gen.Int[0, 9], Gen.Int[0, keyRange - 1]).Array[1, 200].Sample(
            calls =>
            {
                using var pool = new PagePool(RecordBytes);
                using var table = new KeyedTable(pool, Initial);
                var model = new SortedDictionary<int, long>();
                foreach (var (act, key) in calls)
                    Step(table, model, act, key);
                CheckAll(table, model);
            },
            iter: 500);

    [Theory]
    [InlineData(200)]
    [InlineData(70_000)]
    public void Locate_Batches_FindsTheRecordsOfAllKeys(int keyRange) =>
        Gen.Select(Gen.Int[0, 20], Gen.Int[0, keyRange - 1].Array[1, 300]).Array[1, 8].Sample(
            batches =>
            {
                using var pool = new PagePool(RecordBytes);
                using var table = new KeyedTable(pool, Initial);
                var model = new SortedDictionary<int, long>();
                foreach (var (act, keys) in batches)
                    LocateAll(table, model, act, keys);
                CheckAll(table, model);
            },
            iter: 300);

    [Fact]
    public void Leave_AllKeysAFewAtATime_TheTableBeginsAnew() =>
        Gen.Int[0, 300].Array[1, 60].Array[1, 5].Sample(rounds =>
        {
            using var pool = new PagePool(RecordBytes);
            using var table = new KeyedTable(pool, Initial);
            foreach (var keys in rounds)
            {
                var model = new SortedDictionary<int, long>();
                LocateAll(table, model, 1, keys);
                CheckAll(table, model);
                var held = table.Population;
                var leaves = table.TryBeginLeaving();
                Assert.Equal(table.IsArray, leaves);
                Assert.Equal(model.Values, CollectAll(table, [.. model.Keys], leaves));
                Assert.Equal((leaves ? 0 : model.Count, held), (table.Count, table.Population));
                table.Clear();
                Assert.False(table.IsBeingLeft);
            }
        });

    [Fact]
    public void Array_KeysComeAndGo_IsFullWhileNoneIsMissing()
    {
        using var pool = new PagePool(RecordBytes);
        using var table = new KeyedTable(pool, Initial);

        Fill(table, 100);
        Assert.Equal((true, 100u), (table.Array.IsFull, table.Array.Range));
        Add(table, 102);
        Assert.Equal((false, 104u), (table.Array.IsFull, table.Array.Range));
        Fill(table, 103);
        Assert.Equal((true, 103u), (table.Array.IsFull, table.Array.Range));
        table.Remove(50);
        Assert.False(table.Array.IsFull);
        Add(table, 50);
        Assert.True(table.Array.IsFull);
        table.Clear();
        Add(table, 1);
        Assert.False(table.Array.IsFull);
    }

    [Fact]
    public void Locate_EveryFormInTurn_MovesTheRecordsAlong()
    {
        using var pool = new PagePool(RecordBytes);
        using var table = new KeyedTable(pool, Initial);
        var model = new SortedDictionary<int, long>();

        LocateAll(table, model, 1, [.. Enumerable.Range(0, 9000)]);
        Assert.True(table.IsArray);
        LocateAll(table, model, 1, [70_000]);
        Assert.False(table.IsArray);
        LocateAll(table, model, 1, [10_000_000, 3]);
        CheckAll(table, model);

        table.Clear(new Population(2000, 4000));
        model.Clear();
        LocateAll(table, model, 1, [3999]);
        Assert.True(table.IsArray);
        LocateAll(table, model, 1, [100_000, 3]);
        Assert.False(table.IsArray);
        CheckAll(table, model);
        LocateAll(table, model, 1, [.. Enumerable.Range(0, 13_000)]);
        table.Adapt();
        CheckAll(table, model);

        table.Clear(new Population(120_000, 200_000));
        model.Clear();
        LocateAll(table, model, 1, [199_000, 5]);
        Assert.True(table.IsArray);
        CheckAll(table, model);
    }

    [Fact]
    public unsafe void UnionInto_Array_AddsTheKeysThatAreThere()
    {
        using var pool = new PagePool(RecordBytes);
        using var table = new KeyedTable(pool, Initial);
        int[] keys = [0, 1, 31, 32, 63, 64, 100, 700];
        foreach (var key in keys)
            table.GetOrAdd(key);
        Assert.True(table.Remove(64));
        Assert.False(table.Remove(65));
        var set = new KeySet();

        table.UnionInto(set);

        var found = new List<int>();
        for (var key = set.NextKey(0); key >= 0; key = set.NextKey(key + 1))
            found.Add(key);
        Assert.Equal(keys.Where(key => key != 64), found);
        Assert.Equal(7L, *(long*)table.GetOrAdd(64));
    }

    [Fact]
    public void Clear_ManyTimes_ReusesThePages()
    {
        using var pool = new PagePool(RecordBytes);
        using var table = new KeyedTable(pool, Initial);
        long reserved = 0;
        for (var round = 0; round < 50; round++)
        {
            Fill(table, 2000);
            table.Clear();
            if (round == 2)
                reserved = pool.BytesReserved;
        }

        Assert.Equal(0, table.Count);
        Assert.Equal(reserved, pool.BytesReserved);
    }

    [Fact]
    public unsafe void Clear_SteadyState_AllocatesNothing()
    {
        using var pool = new PagePool(RecordBytes);
        using var table = new KeyedTable(pool, Initial);
        for (var round = 0; round < 10; round++)
            FillAndClear(table);
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var round = 0; round < 100; round++)
            FillAndClear(table);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100_000)]
    public void PoolDisposed_TakesItsTablesWithIt(int keysApart)
    {
        var pool = new PagePool(RecordBytes);
        var table = new KeyedTable(pool, Initial);
        for (var key = 0; key < 100; key++)
            Add(table, key * keysApart);

        pool.Dispose();

        Assert.Equal(0, table.Count);
        Assert.Equal(0, pool.PagesInUse);
        table.Dispose();
    }

    private static byte[] Initial => BitConverter.GetBytes(7L).Concat(BitConverter.GetBytes(9L)).ToArray();

    private static unsafe void Add(KeyedTable table, int key) => table.GetOrAdd(key);

    private static void Fill(KeyedTable table, int keys)
    {
        for (var key = 0; key < keys; key++)
            Add(table, key);
    }

    private static void FillAndClear(KeyedTable table)
    {
        Fill(table, 500);
        table.Clear();
    }

    private static unsafe void LocateAll(KeyedTable table, SortedDictionary<int, long> model, int act, int[] keys)
    {
        if (act == 0)
        {
            table.Clear();
            model.Clear();
        }

        var slots = Array.ConvertAll(keys, key => new EventSlot { KeyId = key });
        var records = new nint[slots.Length];
        fixed (EventSlot* slot = slots)
        fixed (nint* record = records)
            table.Locate(new EventView(slot, null, 0, 0, slots.Length), record);
        for (var index = 0; index < keys.Length; index++)
        {
            *(long*)records[index] += keys[index];
            model[keys[index]] = model.GetValueOrDefault(keys[index], 7) + keys[index];
        }
    }

    private static unsafe void Step(KeyedTable table, SortedDictionary<int, long> model, int act, int key)
    {
        if (act == 0)
        {
            table.Clear();
            model.Clear();
            return;
        }

        if (act == 1)
        {
            Assert.Equal(model.Remove(key), table.Remove(key));
            return;
        }

        var record = (long*)table.GetOrAdd(key, out var added);
        Assert.Equal(!model.ContainsKey(key), added);
        if (added)
        {
            Assert.Equal((7L, 9L), (record[0], record[1]));
            model[key] = 7;
        }

        record[0] += key;
        model[key] += key;
    }

    /// <summary>What the records hold, taken a few at a time.</summary>
    private static unsafe List<long> CollectAll(KeyedTable table, List<int> keys, bool leaves = false)
    {
        const int Most = 7;
        var values = new List<long>();
        Span<int> keyIds = stackalloc int[Most];
        var records = stackalloc nint[Most];
        var (from, next) = (0, 0);
        while (table.Collect(ref next, keyIds, records) is var count and > 0)
        {
            for (var index = 0; index < count; index++)
            {
                Assert.Equal(keys[values.Count], keyIds[index]);
                values.Add(*(long*)records[index]);
            }

            if (leaves)
                table.Leave(from, next);
            from = next;
        }

        return values;
    }

    private static unsafe void CheckAll(KeyedTable table, SortedDictionary<int, long> model)
    {
        Assert.Equal(model.Count, table.Count);
        var keys = new List<int>();
        for (var key = table.NextKey(0); key >= 0; key = table.NextKey(key + 1))
        {
            keys.Add(key);
            Assert.Equal(model[key], *(long*)table.Find(key));
        }

        Assert.Equal(model.Keys, keys);
        Assert.Equal(model.Values, CollectAll(table, keys));
        Assert.False(table.Contains(5_000_001));
    }
}
