using System.Runtime.CompilerServices;

namespace DisruptorStream.State.Memory;

/// <summary>
/// Finds the records of a <see cref="SlabPool"/> from registers, with nothing to be read but the slab.
/// </summary>
internal readonly unsafe struct SlabAddresses
{
    private readonly byte** _slabs;
    private readonly nint _recordBytes;
    private readonly int _slabShift;
    private readonly int _mask;

    public SlabAddresses(byte** slabs, int slabShift, int recordBytes)
    {
        _slabs = slabs;
        _recordBytes = recordBytes;
        _slabShift = slabShift;
        _mask = (1 << slabShift) - 1;
    }

    public byte* this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _slabs[(uint)index >> _slabShift] + ((index & _mask) * _recordBytes);
    }
}
