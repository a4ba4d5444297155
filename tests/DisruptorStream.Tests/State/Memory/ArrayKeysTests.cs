using DisruptorStream.State.Memory;

namespace DisruptorStream.Tests.State.Memory;

public sealed unsafe class ArrayKeysTests : KeysContract
{
    [Fact]
    public void Locate_IdBeyondTheRange_StopsThere()
    {
        using var pool = new PagePool(RecordBytes);
        using var keys = new ArrayKeys(pool, Initial);
        keys.Add(5);
        var done = 0;

        var records = Locate([1, 5, 1, 100, 2], (in events, records) => done = keys.Locate(events, records));

        Assert.Equal(3, done);
        Assert.Equal([(nint)keys.Find(1), (nint)keys.Find(5), (nint)keys.Find(1)], records[..3]);
        Assert.Equal((2, 6), (keys.Count, keys.KeyRange));
    }

    [Fact]
    public void Collect_AFewAtATime_GoesOnWhereItStopped()
    {
        using var pool = new PagePool(RecordBytes);
        using var keys = new ArrayKeys(pool, Initial);
        int[] ids = [0, 1, 7, 8, 9, 100, 255, 300];
        foreach (var id in ids)
            keys.Add(id);
        var found = new List<int>();
        Span<int> keyIds = stackalloc int[3];
        var records = stackalloc nint[3];
        var next = 0;

        while (keys.Collect(ref next, keyIds, records) is var count and > 0)
        {
            for (var index = 0; index < count; index++)
                Assert.Equal((nint)keys.Find(keyIds[index]), records[index]);
            found.AddRange(keyIds[..count]);
        }

        Assert.Equal(ids, found);
    }

    [Fact]
    public void Renew_SomeKeys_TakesThoseOutAndTheirRecordsAreNew()
    {
        using var pool = new PagePool(RecordBytes);
        using var keys = new ArrayKeys(pool, Initial);
        for (var key = 0; key < 20; key++)
            *(long*)keys.Add(key) = key;

        keys.Renew(5, 15);

        Assert.Equal((10, 15), (keys.Count, keys.NextKey(5)));
        Assert.Equal(7, *(long*)keys.Add(14));
        Assert.Equal(4, *(long*)keys.Find(4));
        Assert.Equal(15, *(long*)keys.Find(15));
    }

    [Fact]
    public void Expect_ARange_IsWhatTheNextKeyMakes()
    {
        using var pool = new PagePool(RecordBytes);
        using var keys = new ArrayKeys(pool, Initial);
        keys.Expect(1000);
        Assert.True(keys.Awaits(999));
        Assert.False(keys.Awaits(1000));

        keys.Add(3);

        Assert.Equal((1000u, false), (keys.FindKeys().Range, keys.FindKeys().IsFull));
        Assert.Equal(1, keys.Count);
    }

    [Theory]
    [InlineData(1, 256, true)]
    [InlineData(1, 257, false)]
    [InlineData(8192, 65_536, true)]
    [InlineData(8191, 65_536, false)]
    [InlineData(40_000, 80_000, true)]
    [InlineData(39_999, 80_000, false)]
    [InlineData(int.MaxValue, int.MaxValue, false)]
    public void Suits_Population_IsFewOrDenseEnough(int count, int range, bool expected)
    {
        using var pool = new PagePool(RecordBytes);
        using var keys = new ArrayKeys(pool, Initial);

        Assert.Equal(expected, keys.Suits(new Population(count, range)));
    }

    [Fact]
    public void AddRun_BeyondTheRange_IsThereAndCountsInTheMemory()
    {
        using var pool = new PagePool(RecordBytes);
        using var keys = new ArrayKeys(pool, Initial);

        var records = keys.AddRun(10, 500);

        Assert.True(records == keys.Find(10));
        Assert.Equal((500, 510), (keys.Count, keys.KeyRange));
        Assert.Equal(512 * (RecordBytes + 1), pool.BytesReserved);
        keys.Dispose();
        Assert.Equal(0, pool.BytesReserved);
    }

    private protected override KeysForm New(PagePool pool)
    {
        var keys = new ArrayKeys(pool, Initial);
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
            Clear = () => keys.Clear(isRenewed: false),
        };
    }
}
