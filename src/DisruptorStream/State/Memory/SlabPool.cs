using System.Numerics;
using System.Runtime.InteropServices;

namespace DisruptorStream.State.Memory;

/// <summary>Fixed-size native records by index; freed ones are reused first. One thread.</summary>
internal sealed unsafe class SlabPool : IDisposable
{
    private const int SlabBytes = 256 * 1024;

    private readonly int _recordBytes;
    private readonly int _recordsPerSlab;
    private readonly int _slabShift;
    private readonly List<nint> _slabs = [];
    private readonly Stack<int> _free = new();
    private int _used;

    public SlabPool(int recordBytes)
    {
        _recordBytes = recordBytes;

        // A power of two, so that finding a record takes no division.
        _slabShift = BitOperations.Log2((uint)Math.Max(1, SlabBytes / recordBytes));
        _recordsPerSlab = 1 << _slabShift;
    }

    /// <summary>Indexes from 0 up to here have been handed out at some time.</summary>
    public int IndexRange => _used;

    public long BytesReserved => (long)_slabs.Count * _recordsPerSlab * _recordBytes;

    public byte* this[int index] =>
        (byte*)_slabs[index >> _slabShift] + ((nint)(index & (_recordsPerSlab - 1)) * _recordBytes);

    /// <summary>An index whose record is the caller's; its content is whatever was there before.</summary>
    public int Rent()
    {
        if (_free.Count > 0)
            return _free.Pop();
        if (_used == _slabs.Count * _recordsPerSlab)
            _slabs.Add((nint)NativeMemory.AlignedAlloc((nuint)(_recordsPerSlab * _recordBytes), 64));
        return _used++;
    }

    public void Return(int index) => _free.Push(index);

    /// <summary>All records are free again, whoever still holds indexes.</summary>
    public void ReturnAll()
    {
        _free.Clear();
        _used = 0;
    }

    public void Dispose()
    {
        foreach (var slab in _slabs)
            NativeMemory.AlignedFree((void*)slab);
        _slabs.Clear();
    }
}
