using CsCheck;
using DisruptorStream.Events;
using DisruptorStream.State.Memory;

namespace DisruptorStream.Tests.State.Memory;

/// <summary>What every form of a keyed table does: the same as a sorted dictionary.</summary>
public abstract unsafe class KeysContract
{
    private protected const int RecordBytes = 16;

    private protected static byte[] Initial => [.. BitConverter.GetBytes(7L), .. BitConverter.GetBytes(9L)];

    [Fact]
    public void Keys_AnyCalls_AreThoseOfASortedDictionary() =>
        Gen.Select(Gen.Int[0, 19], Gen.Frequency((4, Gen.Int[0, 90]), (1, Gen.Int[0, 3000]))).Array[1, 250].Sample(
            acts =>
            {
                using var pool = new PagePool(RecordBytes);
                using var keys = New(pool);
                var model = new SortedDictionary<int, long>();
                foreach (var (act, key) in acts)
                    Step(keys, model, act, key);
                Check(keys, model);
                keys.Clear();
                Check(keys, []);
                Assert.Equal(0, pool.PagesInUse);
            },
            iter: 300);

    [Fact]
    public void Remove_ThenAdd_HoldsWhatANewRecordDoes()
    {
        using var pool = new PagePool(RecordBytes);
        using var keys = New(pool);
        ((long*)keys.Add(5))[1] = 1000;
        ((long*)keys.Add(6))[1] = 2000;

        Assert.True(keys.Remove(5));
        Assert.False(keys.Remove(5));

        Assert.Equal(0, keys.Find(5));
        Assert.Equal(9, ((long*)keys.Add(5))[1]);
        Assert.Equal(2000, ((long*)keys.Find(6))[1]);
    }

    [Fact]
    public void Dispose_Filled_GivesAllMemoryBack()
    {
        using var pool = new PagePool(RecordBytes);
        var keys = New(pool);
        var before = pool.BytesReserved;
        for (var key = 0; key < 3000; key++)
            keys.Add(key);

        keys.Dispose();

        Assert.Equal(0, pool.PagesInUse);
        Assert.Equal(0, keys.Count());
        Assert.True(pool.BytesReserved >= before);
        Assert.Equal(9, ((long*)keys.Add(12))[1]);
        keys.Dispose();
    }

    private protected abstract KeysForm New(PagePool pool);

    private static void Step(KeysForm keys, SortedDictionary<int, long> model, int act, int key)
    {
        switch (act)
        {
            case 0:
                keys.Clear();
                model.Clear();
                break;
            case < 5:
                Assert.Equal(model.Remove(key), keys.Remove(key));
                break;
            case < 7:
                Assert.Equal(model.Keys.FirstOrDefault(one => one >= key, -1), keys.NextKey(key));
                break;
            default:
                if (model.TryAdd(key, 7))
                    Assert.Equal(7, *(long*)keys.Add(key));
                *(long*)keys.Find(key) += act;
                model[key] += act;
                break;
        }
    }

    private static void Check(KeysForm keys, SortedDictionary<int, long> model)
    {
        Assert.Equal(model.Count, keys.Count());
        Assert.True(keys.KeyRange() >= model.Keys.LastOrDefault(-1) + 1);
        var set = new KeySet();
        keys.UnionInto(set);
        var found = new List<int>();
        for (var first = keys.NextRun(0, out var length); first >= 0; first = keys.NextRun(first + length, out length))
        {
            Assert.False(model.ContainsKey(first + length));
            for (var key = first; key < first + length; key++)
            {
                Assert.Equal(model[key], *(long*)keys.Find(key));
                Assert.True(set.Contains(key));
                found.Add(key);
            }
        }

        Assert.Equal(model.Keys, found);
        for (var key = set.NextKey(0); key >= 0; key = set.NextKey(key + 1))
            Assert.True(model.ContainsKey(key));
    }

    /// <summary>Writes where each event's record is, by the addresses that the form itself gives.</summary>
    private protected static nint[] Locate(int[] keyIds, LocateCall locate)
    {
        var slots = Array.ConvertAll(keyIds, key => new EventSlot { KeyId = key });
        var records = new nint[slots.Length];
        fixed (EventSlot* slot = slots)
        fixed (nint* record = records)
            locate(new EventView(slot, null, 0, 0, slots.Length), record);
        return records;
    }

    private protected delegate void LocateCall(in EventView events, nint* records);
}
