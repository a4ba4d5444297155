using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using DisruptorStream.Events;

namespace DisruptorStream.State.Memory;

/// <summary>
/// Records packed in the order in which their keys appeared, found through a hash with open addressing.
/// </summary>
/// <remarks>
/// One thread. For few keys out of many: 8 bytes per hash entry, at most three quarters full, so 11 to 22 bytes for
/// each key beyond its record. Records never move; keys are sorted into a kept scratch when they are iterated.
/// </remarks>
internal sealed unsafe class SparseKeys : IDisposable
{
    private const int RecordShift = 6;
    private const int RecordMask = PagePool.RecordsPerPage - 1;
    private const int FirstCapacity = 64;
    private const int MaxReserved = 1 << 24;
    private const int EntriesAtOnce = 512;
    private const uint GoldenRatio = 2654435769;

    private readonly PagePool _pool;
    private readonly byte[] _initialRecord;
    private readonly int _recordBytes;
    private Entry* _entries;
    private int _capacity;
    private int _hashShift;
    private nint[] _pages = [];
    private int _pageCount;
    private int _recordCount;
    private int _freeRecord = -1;
    private int[] _sorted = [];
    private int _sortedCount = -1;
    private int _cursor;
    private int _emptied;

    public SparseKeys(PagePool pool, byte[] initialRecord)
    {
        _pool = pool;
        _initialRecord = initialRecord;
        _recordBytes = pool.RecordBytes;
    }

    public int Count { get; private set; }

    /// <summary>The highest id since the last <see cref="Clear"/>, plus one.</summary>
    public int KeyRange { get; private set; }

    public void Locate(in EventView events, nint* records)
    {
        var slots = events.Slots;
        var count = events.Count;
        for (var index = 0; index < count; index++)
        {
            var keyId = slots[index].KeyId;
            var record = Find(keyId);
            records[index] = (nint)(record != null ? record : Add(keyId));
        }
    }

    public byte* Find(int keyId)
    {
        if (_capacity == 0)
            return null;

        var entry = _entries + IndexOf(keyId);
        return entry->KeyPlusOne == 0 ? null : RecordAt(entry->Record);
    }

    /// <summary>Makes room for a number of keys, so that they need not be put in anew while they come.</summary>
    public void Reserve(int count)
    {
        var capacity = BitOperations.RoundUpToPowerOf2(((ulong)count * 4 / 3) + 1);
        if (capacity > (ulong)_capacity)
            Grow((int)Math.Clamp(capacity, FirstCapacity, MaxReserved));
    }

    /// <summary>Makes the record of a key that is not there yet.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public byte* Add(int keyId)
    {
        if ((Count + 1) * 4L > _capacity * 3L)
            Grow(Math.Max(FirstCapacity, _capacity * 2));
        var entry = _entries + IndexOf(keyId);
        entry->KeyPlusOne = keyId + 1;
        entry->Record = TakeRecord();
        Count++;
        KeyRange = Math.Max(KeyRange, keyId + 1);
        _sortedCount = -1;
        var record = RecordAt(entry->Record);
        Unsafe.CopyBlockUnaligned(ref *record, ref _initialRecord[0], (uint)_recordBytes);
        return record;
    }

    public bool Remove(int keyId)
    {
        if (Find(keyId) == null)
            return false;

        var hole = IndexOf(keyId);
        var freed = _entries[hole].Record;
        *(int*)RecordAt(freed) = _freeRecord;
        _freeRecord = freed;
        Count--;
        CloseHole(hole);
        return true;
    }

    /// <summary>Sorts the keys when some were added since the last call; removals leave the order valid.</summary>
    public int NextKey(int fromKeyId)
    {
        if (_sortedCount < 0)
            SortKeys();
        var position = PositionOf(fromKeyId);
        while (position < _sortedCount && Find(_sorted[position]) == null)
            position++;
        _cursor = position;
        return position < _sortedCount ? _sorted[position] : -1;
    }

    /// <summary>The highest key, or -1.</summary>
    public int LastKey()
    {
        if (_sortedCount < 0)
            SortKeys();
        for (var position = _sortedCount - 1; position >= 0; position--)
        {
            if (Find(_sorted[position]) != null)
                return _sorted[position];
        }

        return -1;
    }

    /// <summary>The first key that is at least the given one, or -1, and how many there are in a row.</summary>
    public int NextRun(int fromKeyId, out int length)
    {
        var first = NextKey(fromKeyId);
        length = 0;
        if (first < 0)
            return -1;
        do
            length++;
        while (Find(first + length) != null);
        return first;
    }

    public void UnionInto(KeySet set)
    {
        for (var index = 0; index < _capacity; index++)
        {
            if (_entries[index].KeyPlusOne != 0)
                set.Add(_entries[index].KeyPlusOne - 1);
        }
    }

    /// <summary>
    /// Empties entries, then gives pages back, from the last one on; true once there are none. Then clear.
    /// </summary>
    /// <param name="budget">How many pages, or as many entries as are about as long; what is left of it.</param>
    public bool TryReturnPages(ref int budget)
    {
        for (; _emptied < _capacity && budget > 0; budget--)
        {
            var length = Math.Min(EntriesAtOnce, _capacity - _emptied);
            new Span<Entry>(_entries + _emptied, length).Clear();
            _emptied += length;
        }

        for (; _pageCount > 0 && budget > 0; budget--)
            _pool.Return((byte*)_pages[--_pageCount]);
        return _pageCount == 0 && _emptied == _capacity;
    }

    public void Clear()
    {
        var all = int.MaxValue;
        TryReturnPages(ref all);
        _emptied = 0;
        _recordCount = 0;
        _freeRecord = -1;
        _sortedCount = -1;
        Count = 0;
        KeyRange = 0;
    }

    /// <summary>Clears, and frees the index as well.</summary>
    public void Dispose()
    {
        Clear();
        NativeMemory.Free(_entries);
        _entries = null;
        _capacity = 0;
    }

    /// <summary>The place of the key, or the empty one where it belongs.</summary>
    private int IndexOf(int keyId)
    {
        var mask = _capacity - 1;
        var index = Home(keyId);
        while (_entries[index].KeyPlusOne != 0 && _entries[index].KeyPlusOne != keyId + 1)
            index = (index + 1) & mask;
        return index;
    }

    private int Home(int keyId) => (int)((uint)keyId * GoldenRatio >> _hashShift);

    private byte* RecordAt(int record) =>
        (byte*)_pages[record >> RecordShift] + ((nint)(record & RecordMask) * _recordBytes);

    private int TakeRecord()
    {
        if (_freeRecord >= 0)
        {
            var record = _freeRecord;
            _freeRecord = *(int*)RecordAt(record);
            return record;
        }

        if (_recordCount >> RecordShift == _pageCount)
        {
            if (_pageCount == _pages.Length)
                Array.Resize(ref _pages, Math.Max(4, _pageCount * 2));
            _pages[_pageCount++] = (nint)_pool.Rent();
        }

        return _recordCount++;
    }

    /// <summary>
    /// Moves the entries after a removed one back, so that no search ends early and no marker is left behind.
    /// </summary>
    private void CloseHole(int hole)
    {
        var mask = _capacity - 1;
        for (var index = (hole + 1) & mask; _entries[index].KeyPlusOne != 0; index = (index + 1) & mask)
        {
            var distanceFromHome = (index - Home(_entries[index].KeyPlusOne - 1)) & mask;
            if (distanceFromHome < ((index - hole) & mask))
                continue;

            _entries[hole] = _entries[index];
            hole = index;
        }

        _entries[hole] = default;
    }

    private void SortKeys()
    {
        if (_sorted.Length < Count)
            _sorted = new int[BitOperations.RoundUpToPowerOf2((uint)Count)];
        _sortedCount = 0;
        for (var index = 0; index < _capacity; index++)
        {
            if (_entries[index].KeyPlusOne != 0)
                _sorted[_sortedCount++] = _entries[index].KeyPlusOne - 1;
        }

        _sorted.AsSpan(0, _sortedCount).Sort();
        _cursor = 0;
    }

    /// <summary>
    /// The first place in the sorted keys at or after an id; next to the last answer when keys are walked in order.
    /// </summary>
    private int PositionOf(int fromKeyId)
    {
        if (_cursor < _sortedCount && _sorted[_cursor] < fromKeyId
            && (_cursor + 1 == _sortedCount || _sorted[_cursor + 1] >= fromKeyId))
        {
            return _cursor + 1;
        }

        var position = _sorted.AsSpan(0, _sortedCount).BinarySearch(fromKeyId);
        return position < 0 ? ~position : position;
    }

    private void Grow(int capacity)
    {
        var old = _entries;
        var oldCapacity = _capacity;
        _capacity = capacity;
        _hashShift = 32 - BitOperations.Log2((uint)_capacity);
        _entries = (Entry*)NativeMemory.AllocZeroed((nuint)_capacity, (nuint)sizeof(Entry));
        for (var index = 0; index < oldCapacity; index++)
        {
            if (old[index].KeyPlusOne != 0)
                _entries[IndexOf(old[index].KeyPlusOne - 1)] = old[index];
        }

        NativeMemory.Free(old);
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Entry
    {
        /// <summary>0 where there is none.</summary>
        public int KeyPlusOne;

        /// <summary>The index of the key's record.</summary>
        public int Record;
    }
}
