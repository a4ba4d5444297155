using CsCheck;
using DisruptorStream.Saving;
using DisruptorStream.State.Memory;

namespace DisruptorStream.Tests.State.Memory;

/// <summary>Tables of every form and number of shards save the same bytes, and are loaded as they were.</summary>
public sealed class SavedTableTests
{
    private const int RecordBytes = 16;

    private static readonly byte[] Initial = [.. BitConverter.GetBytes(7L), .. BitConverter.GetBytes(9L)];

    [Theory]
    [InlineData(60, true)]
    [InlineData(3000, true)]
    [InlineData(3000, false)]
    [InlineData(400_000, true)]
    [InlineData(400_000, false)]
    public void Load_AnyKeysFormsAndShards_SameRecordsAndBytes(int keyRange, bool isPlain) =>
        Gen.Select(Gen.Int[0, keyRange - 1], Gen.Int[1, 90]).Array[0, 40].Sample(
            runs =>
            {
                var keys = new SortedSet<int>(runs.SelectMany(run => Enumerable.Range(run.Item1, run.Item2)));
                byte[]? expected = null;
                foreach (var shards in (int[])[1, 2, 8])
                {
                    foreach (var form in (Population[])[default, new(1000, 1000), new(1000, 1_000_000)])
                    {
                        var state = Saved(keys, shards, form, isPlain);
                        expected ??= state;
                        Assert.Equal(expected, state);
                        CheckLoaded(state, keys, shards, isPlain);
                    }
                }
            },
            iter: 15,
            threads: 1);

    [Fact]
    public void Save_KeysThatHaveGone_LeaveNothing()
    {
        using var pool = new PagePool(RecordBytes);
        using var table = new KeyedTable(pool, Initial);
        Fill(table, [3, 5, 900_000]);
        table.Remove(900_000);
        table.Remove(3);
        Assert.Equal(Saved(new SortedSet<int> { 5 }, 1, default, isPlain: true), Saved([table], isPlain: true));
    }

    [Theory]
    [InlineData(2, 10, "highest")]
    [InlineData(2, 8, "not among")]
    public void Load_KeysBeyondTheirRange_AreRefused(int count, int range, string expected)
    {
        using var stream = new MemoryStream();
        using var writer = new StateWriter(stream, default);
        writer.Begin(SectionTag.Slices, 1);
        writer.WriteCount(count);
        writer.WriteCount(range);
        writer.WriteCount((7 << 1) | 1);
        writer.WriteCount(2);
        writer.WriteBytes(Initial);
        writer.WriteBytes(Initial);
        writer.End();
        using var pool = new PagePool(RecordBytes);
        using var reader = new StateReader(new MemoryStream(stream.ToArray()));
        reader.Begin(SectionTag.Slices, 1);
        var error = Assert.Throws<StateException>(
            () => SavedTable.Load(reader, [new Raw(true)], _ => new KeyedTable(pool, Initial)));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    private static byte[] Saved(SortedSet<int> keys, int shards, Population form, bool isPlain)
    {
        using var pool = new PagePool(RecordBytes);
        var tables = new KeyedTable?[shards];
        for (var shard = 0; shard < shards; shard++)
        {
            tables[shard] = new KeyedTable(pool, Initial, expected: form);
            Fill(tables[shard]!, keys.Where(key => (key & (shards - 1)) == shard));
            if (tables[shard]!.Count == 0 && shards > 1)
                tables[shard] = null;
        }

        return Saved(tables, isPlain);
    }

    private static byte[] Saved(KeyedTable?[] tables, bool isPlain)
    {
        using var stream = new MemoryStream();
        using var writer = new StateWriter(stream, default);
        writer.Begin(SectionTag.Slices, 1);
        SavedTable.Save(writer, tables, Array.ConvertAll(tables, RecordFormat (_) => new Raw(isPlain)));
        writer.End();
        writer.Complete();
        return stream.ToArray();
    }

    private static unsafe void CheckLoaded(byte[] state, SortedSet<int> keys, int shards, bool isPlain)
    {
        using var pool = new PagePool(RecordBytes);
        using var reader = new StateReader(new MemoryStream(state));
        var tables = new KeyedTable?[shards];
        reader.Begin(SectionTag.Slices, 1);
        SavedTable.Load(
            reader,
            Array.ConvertAll(tables, RecordFormat (_) => new Raw(isPlain)),
            shard => tables[shard] = new KeyedTable(pool, Initial));
        reader.End();
        reader.Complete();
        Assert.Equal(keys.Count, SavedTable.CountOf(tables));
        foreach (var key in keys)
        {
            var record = (long*)tables[key & (shards - 1)]!.Find(key);
            Assert.Equal((7L + key, 9L), (record[0], record[1]));
        }

        // New keys begin as in any table.
        var first = (long*)(tables[0] ??= new KeyedTable(pool, Initial)).GetOrAdd(keys.Count > 0 ? keys.Max + 8 : 0);
        Assert.Equal((7L, 9L), (first[0], first[1]));
    }

    private static unsafe void Fill(KeyedTable table, IEnumerable<int> keys)
    {
        foreach (var key in keys)
            *(long*)table.GetOrAdd(key) += key;
    }

    private sealed unsafe class Raw : RecordFormat
    {
        public Raw(bool isPlain) => IsPlain = isPlain;

        public override bool IsPlain { get; }

        public override bool IsChecked => true;

        public override void Save(StateWriter writer, byte* record) =>
            writer.WriteBytes(new ReadOnlySpan<byte>(record, RecordBytes));

        public override void Load(StateReader reader, byte* record) =>
            reader.ReadBytes(new Span<byte>(record, RecordBytes));

        public override bool IsValid(byte* record) => ((long*)record)[1] == 9;
    }
}
