using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using DisruptorStream.Events;

namespace DisruptorStream.State.Memory;

/// <summary>Records found by index: a directory with a page and an occupancy word for each 64 key ids.</summary>
/// <remarks>One thread. A page is taken when the first of its keys appears; records never move.</remarks>
internal sealed unsafe class DenseKeys : IDisposable
{
    private const int KeysPerEntry = PagePool.RecordsPerPage;
    private const int KeyShift = 6;
    private const int KeyMask = KeysPerEntry - 1;
    private const int FirstCapacity = 16;

    // The records of up to this many pages are in the second cache as a rule.
    private const int NearEntries = 1024;

    private readonly PagePool _pool;
    private readonly byte[] _initialRecord;
    private readonly int _recordBytes;
    private Entry* _entries;
    private int _capacity;
    private int _used;

    public DenseKeys(PagePool pool, byte[] initialRecord)
    {
        _pool = pool;
        _initialRecord = initialRecord;
        _recordBytes = pool.RecordBytes;
    }

    public int Count { get; private set; }

    /// <summary>The highest id since the last <see cref="Clear"/>, plus one.</summary>
    public int KeyRange { get; private set; }

    /// <summary>
    /// Writes the address of each event's record, making those of new keys. Alone, or its counters end up in memory.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Locate(in EventView events, nint* records)
    {
        var slot = events.Slots;
        var end = slot + events.Count;
        if (_used > NearEntries)
        {
            for (var next = slot; next < end; next++)
                Prefetch(next->KeyId);
        }

        var entries = _entries;
        var capacity = (uint)_capacity;
        var recordBytes = (nint)_recordBytes;
        for (; slot < end; slot++, records++)
        {
            var keyId = (uint)slot->KeyId;
            if (keyId >> KeyShift < capacity)
            {
                var entry = entries + (keyId >> KeyShift);
                if ((entry->Occupancy >> (int)keyId & 1) != 0)
                {
                    var record = entry->Page + ((nint)(keyId & KeyMask) * recordBytes);
                    *records = (nint)record;

                    // The events are folded in once all are located: until then the records come nearer.
                    if (Sse.IsSupported)
                        Sse.Prefetch0(record);
                    continue;
                }
            }

            *records = (nint)Add((int)keyId);
            entries = _entries;
            capacity = (uint)_capacity;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte* Find(int keyId)
    {
        var index = (uint)keyId >> KeyShift;
        if (index >= (uint)_capacity)
            return null;

        var entry = _entries + index;
        return (entry->Occupancy >> keyId & 1) != 0 ? entry->Page + ((nint)(keyId & KeyMask) * _recordBytes) : null;
    }

    /// <summary>Lets the record of a key come nearer, if there is one: it is soon to be read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(int keyId)
    {
        var index = (uint)keyId >> KeyShift;
        if (Sse.IsSupported && index < (uint)_used)
            Sse.Prefetch0(_entries[index].Page + ((nint)(keyId & KeyMask) * _recordBytes));
    }

    /// <summary>Makes the record of a key that is not there yet.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public byte* Add(int keyId)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(keyId);
        var index = keyId >> KeyShift;
        if (index >= _capacity)
            Grow(index);
        _used = Math.Max(_used, index + 1);
        var entry = _entries + index;
        if (entry->Page == null)
            entry->Page = _pool.Rent();

        entry->Occupancy |= 1UL << keyId;
        Count++;
        KeyRange = Math.Max(KeyRange, keyId + 1);
        var record = entry->Page + ((nint)(keyId & KeyMask) * _recordBytes);
        if (_recordBytes == Vector256<byte>.Count)
            Vector256.Create<byte>(_initialRecord).Store(record);
        else
            Unsafe.CopyBlockUnaligned(ref *record, ref _initialRecord[0], (uint)_recordBytes);
        return record;
    }

    public bool Remove(int keyId)
    {
        if (Find(keyId) == null)
            return false;

        var entry = _entries + (keyId >> KeyShift);
        entry->Occupancy &= ~(1UL << keyId);
        Count--;
        if (entry->Occupancy == 0)
            ReturnPage(entry);
        return true;
    }

    public int NextKey(int fromKeyId)
    {
        var index = fromKeyId >> KeyShift;
        if (index >= _used)
            return -1;

        var bits = _entries[index].Occupancy & (ulong.MaxValue << fromKeyId);
        while (bits == 0)
        {
            if (++index == _used)
                return -1;
            bits = _entries[index].Occupancy;
        }

        return (index << KeyShift) + BitOperations.TrailingZeroCount(bits);
    }

    /// <summary>The highest key, or -1.</summary>
    public int LastKey()
    {
        for (var index = _used - 1; index >= 0; index--)
        {
            if (_entries[index].Occupancy != 0)
                return (index << KeyShift) + BitOperations.Log2(_entries[index].Occupancy);
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
        var end = first;
        while (end >> KeyShift < _used)
        {
            var place = end & KeyMask;
            var inARow = BitOperations.TrailingZeroCount(~(_entries[end >> KeyShift].Occupancy >> place));
            end += inARow;
            if (inARow < KeysPerEntry - place)
                break;
        }

        length = end - first;
        return first;
    }

    /// <summary>Which of up to 64 ids in a row, which share a page, are there.</summary>
    public ulong KeysAt(int firstKeyId, int count)
    {
        var index = firstKeyId >> KeyShift;
        return index >= _used
            ? 0
            : (_entries[index].Occupancy >> (firstKeyId & KeyMask)) & (ulong.MaxValue >> (KeysPerEntry - count));
    }

    /// <summary>
    /// Makes keys in a row, as far as they share a page, be there; what their records hold is the caller's to write.
    /// </summary>
    public byte* AddRun(int keyId, int most, out int count)
    {
        var index = keyId >> KeyShift;
        if (index >= _capacity)
            Grow(index);
        _used = Math.Max(_used, index + 1);
        var entry = _entries + index;
        if (entry->Page == null)
            entry->Page = _pool.Rent();
        count = Math.Min(most, KeysPerEntry - (keyId & KeyMask));
        entry->Occupancy |= (ulong.MaxValue >> (KeysPerEntry - count)) << (keyId & KeyMask);
        Count += count;
        KeyRange = Math.Max(KeyRange, keyId + count);
        return entry->Page + ((nint)(keyId & KeyMask) * _recordBytes);
    }

    public void UnionInto(KeySet set)
    {
        for (var index = 0; index < _used; index++)
            set.AddWord(index, _entries[index].Occupancy);
    }

    /// <summary>Gives pages back, from the last one on; true once there are none. Then clear.</summary>
    /// <param name="budget">How many; what is left of it.</param>
    public bool TryReturnPages(ref int budget)
    {
        for (; _used > 0 && budget > 0; _used--)
        {
            var entry = _entries + _used - 1;
            if (entry->Page == null)
                continue;

            ReturnPage(entry);
            entry->Occupancy = 0;
            budget--;
        }

        return _used == 0;
    }

    public void Clear()
    {
        var all = int.MaxValue;
        TryReturnPages(ref all);
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

    private void ReturnPage(Entry* entry)
    {
        _pool.Return(entry->Page);
        entry->Page = null;
    }

    private void Grow(int index)
    {
        var capacity = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(FirstCapacity, index + 1));
        _entries = (Entry*)NativeMemory.Realloc(_entries, (nuint)capacity * (nuint)sizeof(Entry));
        new Span<Entry>(_entries + _capacity, capacity - _capacity).Clear();
        _capacity = capacity;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Entry
    {
        /// <summary>The records of 64 consecutive ids; null while none of them is there.</summary>
        public byte* Page;

        /// <summary>Bit i tells whether the i-th of them is there.</summary>
        public ulong Occupancy;
    }
}
