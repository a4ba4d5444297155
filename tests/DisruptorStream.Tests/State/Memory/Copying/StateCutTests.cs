using CsCheck;
using DisruptorStream.Durability.Files;
using DisruptorStream.Saving;
using DisruptorStream.State.Memory;
using DisruptorStream.State.Memory.Copying;

namespace DisruptorStream.Tests.State.Memory.Copying;

/// <summary>
/// Tables that are copied a few pages at a time, while keys come, change and go, are written as they were when that
/// began.
/// </summary>
public sealed unsafe class StateCutTests
{
    private const int RecordBytes = 24;

    private static readonly byte[] Initial =
        [.. BitConverter.GetBytes(7L), .. BitConverter.GetBytes(9L), .. new byte[8]];

    [Fact]
    public void Write_TablesChangeMeanwhile_IsWhatTheyWere() =>
        Gen.Int[0, 1 << 30].Sample(Check, iter: 400, threads: 1);

    private static void Check(int seed)
    {
        var random = new Random(seed);
        var (shards, isPlain, keys) = (1 << random.Next(3), random.Next(2) == 0, 1 << random.Next(4, 13));
        using var pool = new PagePool(RecordBytes);
        var copies = new ShardCopy[shards];
        var (tables, formats) = (new List<KeyedTable?[]>(), new RecordFormat[shards]);
        for (var shard = 0; shard < shards; shard++)
            (copies[shard], formats[shard]) = (new ShardCopy(), new Texts(isPlain));
        for (var count = random.Next(1, 5); count > 0; count--)
            tables.Add(NewTables(pool, random, shards, keys));

        using var cut = new StateCut([copies], NewFile());
        var expected = Saved(writer => SaveAll(writer, tables, formats));
        cut.Take(writer => SaveAll(writer, tables, formats));
        for (var step = 0; step < 200; step++)
        {
            var shard = random.Next(shards);
            if (random.Next(8) == 0)
                copies[shard].Step();
            else if (tables[random.Next(tables.Count)][shard] is { } table)
                Change(table, shard, random, shards, keys);
            if (random.Next(10) == 0)
                cut.Collect();
        }

        while (!cut.Collect())
        {
            foreach (var copy in copies)
                copy.Step();
        }

        Assert.Equal(expected, Saved(cut.Write));
        Assert.DoesNotContain(copies, copy => copy.IsActive);

        // What is given up in the middle leaves the tables as they are.
        var before = Saved(writer => SaveAll(writer, tables, formats));
        using (var abandoned = new StateCut([copies], NewFile()))
        {
            abandoned.Take(writer => SaveAll(writer, tables, formats));
            copies[0].Step();
        }

        Assert.Equal(before, Saved(writer => SaveAll(writer, tables, formats)));
    }

    private static CopyFile NewFile() =>
        new(FileSystems.Default, Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()));

    private static KeyedTable?[] NewTables(PagePool pool, Random random, int shards, int keys)
    {
        var expected = random.Next(3) switch
        {
            0 => new Population(keys, keys),
            1 => new Population(keys / 4, keys),
            _ => new Population(1, 1 << 20),
        };
        var tables = new KeyedTable?[shards];
        for (var shard = 0; shard < shards; shard++)
        {
            if (shards > 1 && random.Next(4) == 0)
                continue;
            tables[shard] = new KeyedTable(pool, Initial, expected: expected);
            for (var count = random.Next(1, keys); count > 0; count--)
                *(long*)tables[shard]!.GetOrAdd((random.Next(keys) & -shards) + shard) += random.Next();
        }

        return tables;
    }

    private static void Change(KeyedTable table, int shard, Random random, int shards, int keys)
    {
        var keyId = (random.Next(2 * keys) & -shards) + shard;
        switch (random.Next(40))
        {
            case 0:
                table.Clear();
                break;
            case 1:
                var budget = random.Next(1, 50);
                while (!table.TryClear(ref budget))
                    budget = random.Next(1, 50);
                break;
            case 2:
                table.Adapt();
                break;
            case < 10:
                table.Remove(keyId);
                break;
            case < 20:
                Span<int> keyIds = stackalloc int[16];
                var records = stackalloc nint[16];
                var from = keyId;
                var count = table.Collect(ref from, keyIds, records);
                for (var index = 0; index < count; index++)
                    *(long*)records[index] += 1;
                break;
            default:
                *(long*)table.GetOrAdd(keyId) += random.Next();
                break;
        }
    }

    private static void SaveAll(StateWriter writer, List<KeyedTable?[]> tables, RecordFormat[] formats)
    {
        writer.Begin(SectionTag.Slices, 1);
        writer.WriteCount(tables.Count);
        foreach (var table in tables)
        {
            writer.WriteText($"text-{table.Length}");
            SavedTable.Save(writer, table, formats);
        }

        writer.WriteByte(1);
        writer.End();
    }

    private static byte[] Saved(Action<StateWriter> save)
    {
        using var stream = new MemoryStream();
        using var writer = new StateWriter(stream, default);
        save(writer);
        writer.Complete();
        return stream.ToArray();
    }

    /// <summary>Records with a text, some of which are equal.</summary>
    private sealed class Texts : RecordFormat
    {
        public Texts(bool isPlain) => IsPlain = isPlain;

        public override bool IsPlain { get; }

        public override bool IsChecked => false;

        public override void Save(StateWriter writer, byte* record)
        {
            if (!IsPlain)
                writer.WriteText($"text-{*(long*)record % 5}");
            writer.WriteBytes(new ReadOnlySpan<byte>(record, RecordBytes));
        }

        public override void Load(StateReader reader, byte* record) => throw new NotSupportedException();

        public override bool IsValid(byte* record) => true;
    }
}
