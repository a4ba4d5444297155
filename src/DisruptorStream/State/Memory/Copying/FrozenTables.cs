using System.Numerics;
using DisruptorStream.Saving;

namespace DisruptorStream.State.Memory.Copying;

/// <summary>The tables of one slice or window in all shards, as they were at one slot: written as one.</summary>
/// <remarks>The same bytes as <see cref="SavedTable"/> writes. On the thread that writes.</remarks>
internal sealed class FrozenTables
{
    private readonly FrozenTable?[] _shards;
    private readonly bool _isPlain;
    private readonly int _shift;
    private readonly int _recordBytes;
    private readonly byte[][] _pages;
    private readonly int[] _lengths;
    private int _pageCount;
    private int _page = -1;

    /// <param name="shards">That of each shard; null for one without keys.</param>
    /// <param name="isPlain">Whether records are their bytes.</param>
    public FrozenTables(FrozenTable?[] shards, bool isPlain)
    {
        _shards = shards;
        _isPlain = isPlain;
        foreach (var shard in shards)
        {
            _shift = shard?.Shift ?? _shift;
            _recordBytes = shard?.RecordBytes ?? _recordBytes;
        }

        _pages = new byte[shards.Length][];
        Array.Fill(_pages, []);
        _lengths = new int[shards.Length];
    }

    private int KeysPerPage => 1 << _shift;

    public void Write(StateWriter writer)
    {
        var (count, range) = Measure();
        writer.WriteCount(count);
        writer.WriteCount(range);
        var end = 0;
        while (end < range)
        {
            var first = NextRun(end, out var length);
            writer.WriteCount(((long)(first - end) << 1) | (length > 1 ? 1L : 0));
            if (length > 1)
                writer.WriteCount(length);
            end = first + length;
            for (var keyId = first; keyId < end;)
                keyId += WriteRecords(writer, keyId, end - keyId);
        }
    }

    private (int Count, int Range) Measure()
    {
        var (count, range) = (0, 0);
        foreach (var shard in _shards)
            _pageCount = Math.Max(_pageCount, shard?.PageCount ?? 0);
        for (var page = 0; page < _pageCount; page++)
        {
            if (KeysOf(page) is not (> 0 and var keys))
                continue;
            count += BitOperations.PopCount(keys);
            range = (page << _shift) + BitOperations.Log2(keys) + 1;
        }

        return (count, range);
    }

    private ulong KeysOf(int page)
    {
        var keys = 0UL;
        foreach (var shard in _shards)
            keys |= KeysOf(shard, page);
        return keys;
    }

    private static ulong KeysOf(FrozenTable? shard, int page) =>
        shard?.Keys is { } keys && page < keys.Length ? keys[page] : 0;

    /// <summary>The first key that is at least the given one, and how many there are in a row. There is one.</summary>
    private int NextRun(int fromKeyId, out int length)
    {
        var first = fromKeyId;
        while (KeysOf(first >> _shift) >> (first & (KeysPerPage - 1)) is var rest)
        {
            if (rest != 0)
            {
                first += BitOperations.TrailingZeroCount(rest);
                break;
            }

            first = ((first >> _shift) + 1) << _shift;
        }

        var end = first;
        while (end >> _shift < _pageCount)
        {
            var place = end & (KeysPerPage - 1);
            var inARow = Math.Min(
                BitOperations.TrailingZeroCount(~(KeysOf(end >> _shift) >> place)), KeysPerPage - place);
            end += inARow;
            if (inARow < KeysPerPage - place)
                break;
        }

        length = end - first;
        return first;
    }

    /// <summary>Writes records of keys in a row, which are there, as far as they lie together; how many.</summary>
    private int WriteRecords(StateWriter writer, int keyId, int most)
    {
        var page = keyId >> _shift;
        if (page != _page)
            Load(page);
        var place = keyId & (KeysPerPage - 1);
        var shard = keyId & (_shards.Length - 1);
        var before = BitOperations.PopCount(KeysOf(_shards[shard], page) & ((1UL << place) - 1));
        ReadOnlySpan<byte> records = _pages[shard].AsSpan(0, _lengths[shard]);
        if (_isPlain)
        {
            var count = _shards.Length > 1 ? 1 : Math.Min(most, KeysPerPage - place);
            writer.WriteBytes(records.Slice(before * _recordBytes, count * _recordBytes));
            return count;
        }

        for (; before > 0; before--)
            PageCapture.Skip(ref records);
        PageCapture.Write(writer, ref records);
        return 1;
    }

    private void Load(int page)
    {
        for (var shard = 0; shard < _shards.Length; shard++)
        {
            if (KeysOf(_shards[shard], page) == 0)
                continue;
            var place = _shards[shard]!.Places![page];
            if (_pages[shard].Length < place.Length)
                _pages[shard] = new byte[BitOperations.RoundUpToPowerOf2((uint)place.Length)];
            _shards[shard]!.Store.Read(place, _pages[shard]);
            _lengths[shard] = place.Length;
        }

        _page = page;
    }
}
