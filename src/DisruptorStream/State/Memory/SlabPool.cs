using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace DisruptorStream.State.Memory;

/// <summary>Fixed-size native records by index; freed ones are reused first. One thread.</summary>
internal sealed unsafe class SlabPool : IDisposable
{
    private const int SlabBytes = 256 * 1024;
    private const int None = -1;

    private readonly int _recordBytes;
    private readonly int _recordsPerSlab;
    private readonly int _slabShift;
    private byte** _slabs;
    private int _slabCapacity;
    private int _slabCount;
    private int _free = None;
    private int _used;

    public SlabPool(int recordBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(recordBytes, sizeof(int));
        _recordBytes = recordBytes;

        // A power of two, so that finding a record takes no division.
        _slabShift = BitOperations.Log2((uint)Math.Max(1, SlabBytes / recordBytes));
        _recordsPerSlab = 1 << _slabShift;
    }

    /// <summary>Indexes from 0 up to here have been handed out at some time.</summary>
    public int IndexRange => _used;

    public long BytesReserved => (long)_slabCount * _recordsPerSlab * _recordBytes;

    public byte* this[int index] =>
        _slabs[index >> _slabShift] + ((nint)(index & (_recordsPerSlab - 1)) * _recordBytes);

    /// <summary>An index whose record is the caller's; its content is whatever was there before.</summary>
    /// <remarks>The first 4 bytes of a record that was returned are not what they were.</remarks>
    public int Rent()
    {
        if (_free != None)
        {
            var index = _free;
            _free = *(int*)this[index];

            // The next to rent waits for the link that lies in it.
            if (Sse.IsSupported && _free != None)
                Sse.Prefetch0(this[_free]);
            return index;
        }

        if (_used == _slabCount * _recordsPerSlab)
            AddSlab();
        return _used++;
    }

    public void Return(int index)
    {
        *(int*)this[index] = _free;
        _free = index;
    }

    /// <summary>All records are free again. Indexes that are still held are of no use then.</summary>
    public void ReturnAll()
    {
        _free = None;
        _used = 0;
    }

    public void Dispose()
    {
        for (var slab = 0; slab < _slabCount; slab++)
            NativeMemory.AlignedFree(_slabs[slab]);
        NativeMemory.Free(_slabs);
        _slabs = null;
        _slabCapacity = 0;
        _slabCount = 0;
    }

    private void AddSlab()
    {
        if (_slabCount == _slabCapacity)
        {
            _slabCapacity = Math.Max(8, _slabCapacity * 2);
            _slabs = (byte**)NativeMemory.Realloc(_slabs, (nuint)_slabCapacity * (nuint)sizeof(byte*));
        }

        _slabs[_slabCount++] = (byte*)NativeMemory.AlignedAlloc((nuint)(_recordsPerSlab * _recordBytes), 64);
    }
}
