using DisruptorStream.Saving;
using DisruptorStream.State.Memory.Copying;

namespace DisruptorStream.State.Memory;

/// <summary>
/// The tables of one slice or window in all shards, saved as one and dealt out again: the shard of a key is its id's
/// low bits.
/// </summary>
/// <remarks>
/// How many keys, the highest id plus one, and then, for each run of ids in a row, how far it is from the one before,
/// how long it is, and its records. Nothing of it depends on the form of the tables or on the number of shards.
/// </remarks>
internal static unsafe class SavedTable
{
    private const int PieceBytes = 256 * 1024;

    /// <summary>The number of keys in all tables.</summary>
    public static int CountOf(ReadOnlySpan<KeyedTable?> tables)
    {
        var count = 0;
        foreach (var table in tables)
            count += table?.Count ?? 0;
        return count;
    }

    /// <param name="writer">Where to.</param>
    /// <param name="tables">That of each shard, a power of two of them; null for one without keys.</param>
    /// <param name="formats">Those of the shards.</param>
    public static void Save(
        StateWriter writer, ReadOnlySpan<KeyedTable?> tables, ReadOnlySpan<RecordFormat> formats)
    {
        if (writer.Capture is StateCut cut)
        {
            writer.WriteLater(cut.Freeze(tables, formats).Write);
            return;
        }

        var range = 0;
        foreach (var table in tables)
        {
            table?.AssertInvariants();
            range = Math.Max(range, (table?.LastKey ?? -1) + 1);
        }

        writer.WriteCount(CountOf(tables));
        writer.WriteCount(range);
        var end = 0;
        while (end < range)
        {
            var first = NextRun(tables, end, out var length);
            if (first < 0)
                break;
            var gap = (long)(first - end);
            writer.WriteCount((gap << 1) | (length > 1 ? 1L : 0));
            if (length > 1)
                writer.WriteCount(length);
            end = first + length;
            if (tables.Length == 1 && formats[0].IsPlain)
                SavePlainRun(writer, tables[0]!, first, end);
            else
                SaveRun(writer, tables, formats, first, end);
        }
    }

    /// <param name="reader">Where from.</param>
    /// <param name="formats">Those of the shards, a power of two of them.</param>
    /// <param name="newTable">Makes the table of a shard, once for each that has keys.</param>
    /// <exception cref="StateException">It cannot have been saved.</exception>
    public static void Load(StateReader reader, RecordFormat[] formats, Func<int, KeyedTable> newTable)
    {
        var count = reader.ReadCount(1, "keys");
        var range = reader.ReadNumber(reader.KeyRange, "the range of key ids");

        // Room is made at once only where as much can still come.
        var expected = count <= reader.BytesLeft ? new Population(count / formats.Length, (int)range) : default;
        var tables = new KeyedTable?[formats.Length];
        var left = (long)count;
        var end = 0L;
        while (left > 0)
        {
            var head = reader.ReadNumber((2 * range) + 1, "the distance to a key");
            var first = end + (head >> 1);
            var length = (head & 1) == 0 ? 1 : reader.ReadNumber(left, "a number of keys in a row");
            end = first + length;
            if (length == 0 || length > left || end > range)
                throw reader.Invalid($"{length} keys from id {first} on are not among {count} below {range}");
            left -= length;
            for (var keyId = first; keyId < end;)
            {
                var shard = (int)keyId & (formats.Length - 1);
                var table = tables[shard] ??= Begin(newTable(shard), expected);
                keyId += formats.Length == 1 && formats[0].IsPlain
                    ? LoadPiece(reader, table, formats[0], (int)keyId, (int)(end - keyId))
                    : LoadOne(reader, table, formats[shard], (int)keyId);
            }
        }

        if (end != range)
            throw reader.Invalid($"the highest key id is {end - 1} and not {range - 1}");
        foreach (var table in tables)
        {
            table?.EndLoading();
            table?.AssertInvariants();
        }
    }

    private static KeyedTable Begin(KeyedTable table, Population expected)
    {
        table.BeginLoading(expected);
        return table;
    }

    private static int NextRun(ReadOnlySpan<KeyedTable?> tables, int fromKeyId, out int length)
    {
        if (tables.Length == 1)
            return tables[0]!.NextRun(fromKeyId, out length);
        var first = -1;
        foreach (var table in tables)
        {
            var next = table?.NextKey(fromKeyId) ?? -1;
            if (next >= 0 && (first < 0 || next < first))
                first = next;
        }

        length = 0;
        while (first >= 0 && tables[(first + length) & (tables.Length - 1)]?.Contains(first + length) == true)
            length++;
        return first;
    }

    private static void SavePlainRun(StateWriter writer, KeyedTable table, int first, int end)
    {
        for (var keyId = first; keyId < end;)
        {
            // A length in bytes has to fit an int.
            var most = Math.Min(end - keyId, int.MaxValue / table.RecordBytes);
            var records = table.RecordsOf(keyId, most, out var count);
            writer.WriteBytes(new ReadOnlySpan<byte>(records, count * table.RecordBytes));
            keyId += count;
        }
    }

    private static void SaveRun(
        StateWriter writer,
        ReadOnlySpan<KeyedTable?> tables,
        ReadOnlySpan<RecordFormat> formats,
        int first,
        int end)
    {
        for (var keyId = first; keyId < end; keyId++)
        {
            var shard = keyId & (tables.Length - 1);
            formats[shard].Save(writer, tables[shard]!.Find(keyId));
        }
    }

    private static int LoadPiece(StateReader reader, KeyedTable table, RecordFormat format, int keyId, int most)
    {
        var piece = Math.Min(most, Math.Max(1, PieceBytes / table.RecordBytes));
        var records = table.AddRun(keyId, piece, out var count);
        reader.ReadBytes(new Span<byte>(records, count * table.RecordBytes));
        for (var index = 0; format.IsChecked && index < count; index++)
        {
            if (!format.IsValid(records + ((nint)index * table.RecordBytes)))
                throw reader.Invalid($"the record of key {keyId + index} cannot be one");
        }

        return count;
    }

    private static int LoadOne(StateReader reader, KeyedTable table, RecordFormat format, int keyId)
    {
        format.Load(reader, table.Add(keyId));
        return 1;
    }
}
