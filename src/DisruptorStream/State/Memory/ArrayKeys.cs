using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using DisruptorStream.Events;
using DisruptorStream.Rings.Machine;

namespace DisruptorStream.State.Memory;

/// <summary>Records in one array by key id, each with a mark that tells whether its key is there.</summary>
/// <remarks>
/// One thread. For ids that begin at 0 and are not too many. A record whose key is not there holds what a new one does.
/// Records may move when the range outgrows the memory, which is kept for ever and doubles.
/// </remarks>
internal sealed unsafe class ArrayKeys : IDisposable
{
    private const int MaxBytes = 64 * 1024 * 1024;
    private const int FewBytes = 4096;
    private const int NearKeys = 64 * 1024;
    private const int FarKeysApart = 2;
    private const int AlignmentBytes = 64;
    private const int BitsPerWord = 64;
    private const int RangeStep = sizeof(ulong);
    private const int MostFurther = 4096;

    private readonly PagePool _pool;
    private readonly byte[] _initialRecord;
    private readonly int _recordBytes;
    private readonly int _maxRange;
    private readonly GrowingMemory _growing;
    private byte* _records;
    private byte* _marks;
    private int _capacity;
    private int _range;
    private int _expectedRange;

    // All ids below this are there.
    private int _markedRange;

    // Records beyond the range and below this are new ones already.
    private int _renewedRange;

    public ArrayKeys(PagePool pool, byte[] initialRecord)
    {
        _pool = pool;
        _initialRecord = initialRecord;
        _recordBytes = pool.RecordBytes;
        _maxRange = MaxBytes / _recordBytes / BitsPerWord * BitsPerWord;
        _growing = new GrowingMemory(MaxBytes);
    }

    /// <summary>How many keys there are. Looks at all marks.</summary>
    public int Count => _range - Marked.Count((byte)0);

    /// <summary>The highest id that is there, plus one. Looks at marks.</summary>
    public int KeyRange => Marked.LastIndexOfAnyExcept((byte)0) + 1;

    private ReadOnlySpan<byte> Marked => new(_marks, _range);

    /// <summary>
    /// For a loop that looks up many. Looks at marks: at each once, for as long as no key goes.
    /// </summary>
    public KeyArray FindKeys()
    {
        var more = Marked[_markedRange..].IndexOf((byte)0);
        _markedRange = more < 0 ? _range : _markedRange + more;
        var rest = Marked[_markedRange..];
        var isFull = rest.Length < RangeStep && !rest.ContainsAnyExcept((byte)0);
        return new KeyArray(_records, _marks, isFull ? _markedRange : _range, _recordBytes, isFull);
    }

    /// <summary>
    /// Whether an array is the best for these: a long one only where every second key is there, since all of its
    /// records are written when it begins.
    /// </summary>
    public bool Suits(Population population) => (long)population.KeyRange * _recordBytes <= FewBytes
        || (population.IsDense
            && population.KeyRange <= _maxRange
            && (population.KeyRange <= NearKeys || (long)population.Count * FarKeysApart >= population.KeyRange));

    /// <summary>Whether the id lies in the range, or in what it is next extended to whatever comes.</summary>
    public bool Awaits(int keyId) => keyId < Math.Max(_range, _expectedRange);

    /// <summary>Makes the range at least so long when it is next extended.</summary>
    public void Expect(int keyRange) => _expectedRange = Math.Min(keyRange, _maxRange);

    /// <summary>
    /// Writes the address of each event's record and marks its key, up to the first id beyond the range; returns how
    /// many events that was.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public int Locate(in EventView events, nint* records)
    {
        var slot = events.Slots;
        var end = slot + events.Count;
        var ahead = events.NextBytes;
        var keys = new KeyArray(_records, _marks, _range, _recordBytes, isFull: false);
        for (; slot < end; slot++, records++)
        {
            var keyId = (uint)slot->KeyId;
            if (keyId >= keys.Range)
                break;
            keys.Marks[keyId] = 1;
            var record = keys.RecordOf(keyId);
            *records = (nint)record;
            if (!Sse.IsSupported)
                continue;

            // The events are folded in once all are located: until then the records come nearer.
            Sse.Prefetch0(record);
            Sse.Prefetch0((byte*)slot + ahead);
        }

        return (int)(slot - events.Slots);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte* Find(int keyId) =>
        (uint)keyId < (uint)_range && _marks[keyId] != 0 ? _records + ((nint)keyId * _recordBytes) : null;

    /// <summary>Asks for the record of a key.</summary>
    public void Fetch(int keyId)
    {
        if (Sse.IsSupported && (uint)keyId < (uint)_range)
            Sse.Prefetch0(_records + ((nint)keyId * _recordBytes));
    }

    /// <summary>The record of a key that fits and is there from now on.</summary>
    public byte* Add(int keyId)
    {
        if (keyId >= _range)
            Extend(keyId);
        _marks[keyId] = 1;
        return _records + ((nint)keyId * _recordBytes);
    }

    public bool Remove(int keyId)
    {
        var record = Find(keyId);
        if (record == null)
            return false;

        _marks[keyId] = 0;
        _markedRange = Math.Min(_markedRange, keyId);
        Unsafe.CopyBlockUnaligned(ref *record, ref _initialRecord[0], (uint)_recordBytes);
        return true;
    }

    /// <summary>The smallest id that is there and at least the given one, or -1.</summary>
    public int NextKey(int fromKeyId)
    {
        if (fromKeyId >= _range)
            return -1;
        if (_marks[fromKeyId] != 0)
            return fromKeyId;
        var distance = Marked[fromKeyId..].IndexOfAnyExcept((byte)0);
        return distance < 0 ? -1 : fromKeyId + distance;
    }

    /// <summary>The first key that is at least the given one, or -1, and how many there are in a row.</summary>
    public int NextRun(int fromKeyId, out int length)
    {
        var first = NextKey(fromKeyId);
        length = 0;
        if (first < 0)
            return -1;
        length = Marked[first..].IndexOf((byte)0);
        if (length < 0)
            length = _range - first;
        return first;
    }

    /// <summary>Which of up to 64 ids in a row are there.</summary>
    public ulong KeysAt(int firstKeyId, int count)
    {
        var keys = 0UL;
        count = Math.Min(count, _range - firstKeyId);
        for (var index = 0; index < count; index++)
            keys |= (ulong)_marks[firstKeyId + index] << index;
        return keys;
    }

    /// <summary>Makes keys in a row, which fit, be there; what their records hold is the caller's to write.</summary>
    public byte* AddRun(int keyId, int count)
    {
        if (keyId + count > _range)
            Extend(keyId + count - 1);
        new Span<byte>(_marks + keyId, count).Fill(1);
        return _records + ((nint)keyId * _recordBytes);
    }

    /// <summary>
    /// Finds keys in ascending order, from the given id on, with their records; returns how many, and where to go on.
    /// </summary>
    public int Collect(ref int fromKeyId, Span<int> keyIds, nint* records)
    {
        var keyId = fromKeyId;
        var count = 0;
        while (keyId < _range && count < keyIds.Length)
        {
            if (Unsafe.ReadUnaligned<ulong>(_marks + keyId) == 0)
            {
                keyId += sizeof(ulong);
                continue;
            }

            // Whatever the mark says, the place is written; it is kept where the key is there.
            for (var end = Math.Min(keyId + sizeof(ulong), _range); keyId < end && count < keyIds.Length; keyId++)
            {
                keyIds[count] = keyId;
                records[count] = (nint)(_records + ((nint)keyId * _recordBytes));
                count += _marks[keyId];
            }
        }

        fromKeyId = Math.Min(keyId, _range);
        return count;
    }

    /// <summary>Takes all keys from one id up to another one out.</summary>
    public void Renew(int fromKeyId, int toKeyId)
    {
        new Span<byte>(_marks, _range)[fromKeyId..toKeyId].Clear();
        _markedRange = Math.Min(_markedRange, fromKeyId);
        Initialize(fromKeyId, toKeyId);
    }

    public void UnionInto(KeySet set)
    {
        for (var index = 0; index < _range; index += BitsPerWord)
        {
            var low = Vector256.Load(_marks + index);
            var high = Vector256.Load(_marks + index + Vector256<byte>.Count);
            var absent = Vector256.Equals(low, Vector256<byte>.Zero).ExtractMostSignificantBits()
                | ((ulong)Vector256.Equals(high, Vector256<byte>.Zero).ExtractMostSignificantBits() << 32);
            set.AddWord(index / BitsPerWord, ~absent);
        }
    }

    /// <summary>Makes room for an id that fits, and for as many as are expected.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Extend(int keyId)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(keyId);
        var further = Math.Min(_range / 8, MostFurther);
        var wanted = Math.Max(Math.Max(keyId + 1, _expectedRange), _range + further);
        var range = Math.Min((wanted + RangeStep - 1) / RangeStep * RangeStep, _maxRange);
        if (range > _capacity)
            Grow(Math.Min((int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(range, BitsPerWord)), _maxRange));
        if (range > _renewedRange)
            Initialize(Math.Max(_range, _renewedRange), range);
        _range = range;
        _renewedRange = Math.Max(_renewedRange, range);
    }

    /// <param name="isRenewed">Whether <see cref="Renew"/> has gone over all keys.</param>
    public void Clear(bool isRenewed)
    {
        if (!isRenewed)
        {
            new Span<byte>(_marks, _range).Clear();
            _renewedRange = 0;
        }

        _range = 0;
        _expectedRange = 0;
        _markedRange = 0;
    }

    /// <summary>Clears, and frees the memory as well.</summary>
    public void Dispose()
    {
        _pool.Account(-Bytes(_capacity));
        _growing.Dispose();
        NativeMemory.AlignedFree(_marks);
        _records = null;
        _marks = null;
        _capacity = 0;
        _range = 0;
        _renewedRange = 0;
        _markedRange = 0;
    }

    private long Bytes(int capacity) => (long)capacity * (_recordBytes + 1);

    private void Grow(int capacity)
    {
        _growing.Grow((nuint)capacity * (nuint)_recordBytes, (nuint)_range * (nuint)_recordBytes);
        var marks = (byte*)NativeMemory.AlignedAlloc((nuint)capacity + sizeof(ulong), AlignmentBytes);
        new Span<byte>(marks, capacity + sizeof(ulong)).Clear();
        Marked.CopyTo(new Span<byte>(marks, capacity));
        _pool.Account(Bytes(capacity) - Bytes(_capacity));
        NativeMemory.AlignedFree(_marks);
        _records = _growing.Start;
        _marks = marks;
        _capacity = capacity;
        _renewedRange = _range;
    }

    private void Initialize(int from, int to)
    {
        var first = _records + ((nint)from * _recordBytes);
        if (_recordBytes == Vector256<byte>.Count)
        {
            var records = new Span<Vector256<byte>>(_records, to)[from..];
            records.Fill(Vector256.Create<byte>(_initialRecord));
            return;
        }

        // Twice as many with each copy.
        var part = new Span<byte>(first, (to - from) * _recordBytes);
        _initialRecord.CopyTo(part);
        for (var done = _recordBytes; done < part.Length; done *= 2)
            part[..Math.Min(done, part.Length - done)].CopyTo(part[done..]);
    }
}
