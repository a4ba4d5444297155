using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace DisruptorStream.State.Memory;

/// <summary>
/// Native blocks of 64 bytes to 2 MB, in powers of two, by index: where accumulators that grow keep what does not fit
/// their record.
/// </summary>
/// <remarks>
/// One thread. A block never moves; freed ones are reused for blocks of the same size. Blocks are cut from slabs of
/// 256 KB; a larger one is several slabs that lie one behind the other. Blocks come with whatever content they had.
/// Index 0 is no block.
/// </remarks>
internal sealed unsafe class BlockPool : IDisposable
{
    public const int MinBytes = 64;
    public const int MaxBytes = 2 * 1024 * 1024;

    private const int GranuleShift = 6;
    private const int SlabShift = 18 - GranuleShift;
    private const int SlabGranules = 1 << SlabShift;
    private const int SlabBytes = SlabGranules << GranuleShift;
    private const int SizeClasses = 16;

    private readonly int[] _free = new int[SizeClasses];
    private readonly List<nint> _allocations = [];
    private byte** _slabs;
    private int _slabCapacity;
    private int _slabCount;
    private int _fresh;
    private int _freshEnd;

    /// <summary>All memory taken from the system, in use or not.</summary>
    public long BytesReserved => (long)_slabCount * SlabBytes;

    /// <summary>The bytes of the blocks that are rented.</summary>
    public long BytesInUse { get; private set; }

    /// <summary>The size of the block that holds a number of bytes.</summary>
    public static int SizeFor(int bytes) => (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(MinBytes, bytes));

    /// <summary>
    /// Where the slabs are, for a loop that looks up many blocks; valid until the next block is rented.
    /// </summary>
    public byte** Slabs => _slabs;

    /// <summary>A block's address.</summary>
    /// <param name="slabs">What <see cref="Slabs"/> says now.</param>
    /// <param name="block">The block.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte* At(byte** slabs, int block) =>
        slabs[(uint)block >> SlabShift] + (((uint)block & (SlabGranules - 1)) << GranuleShift);

    /// <summary>The block's address; valid until it is returned.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte* At(int block) => At(_slabs, block);

    /// <summary>Takes a block of exactly this size: a power of two from 64 bytes to 2 MB.</summary>
    public int Rent(int sizeBytes)
    {
        var sizeClass = ClassOf(sizeBytes);
        BytesInUse += sizeBytes;
        var block = _free[sizeClass];
        if (block != 0)
        {
            _free[sizeClass] = *(int*)At(block);
            return block;
        }

        var granules = 1 << sizeClass;
        if (granules > SlabGranules)
            return AddSlabs(granules >> SlabShift);
        if (_freshEnd - _fresh < granules)
            AddSlab(granules);
        block = _fresh;
        _fresh += granules;
        return block;
    }

    /// <summary>Gives a block back, with the size that it was rented with.</summary>
    public void Return(int block, int sizeBytes)
    {
        BytesInUse -= sizeBytes;
        Free(block, ClassOf(sizeBytes));
    }

    /// <summary>Frees the memory. Blocks that are still held are of no use then.</summary>
    public void Dispose()
    {
        foreach (var allocation in _allocations)
            NativeMemory.AlignedFree((void*)allocation);
        _allocations.Clear();
        NativeMemory.Free(_slabs);
        _slabs = null;
        _slabCapacity = _slabCount = _fresh = _freshEnd = 0;
        BytesInUse = 0;
        Array.Clear(_free);
    }

    private static int ClassOf(int sizeBytes) => BitOperations.Log2((uint)sizeBytes) - GranuleShift;

    private void Free(int block, int sizeClass)
    {
        *(int*)At(block) = _free[sizeClass];
        _free[sizeClass] = block;
    }

    private void AddSlab(int granules)
    {
        // What is left of the slab before is cut into the largest blocks that it holds.
        while (_fresh < _freshEnd)
        {
            var sizeClass = BitOperations.Log2((uint)(_freshEnd - _fresh));
            Free(_fresh, sizeClass);
            _fresh += 1 << sizeClass;
        }

        do
        {
            _fresh = AddSlabs(1);
            _freshEnd = _fresh + SlabGranules;

            // Index 0 means no block, so the very first granule is never handed out.
            if (_fresh == 0)
                _fresh = 1;
        }
        while (_freshEnd - _fresh < granules);
    }

    /// <summary>Adds slabs that lie one behind the other; returns the index of their first granule.</summary>
    private int AddSlabs(int count)
    {
        // The first slab has the index that means no block, so it is never a large block.
        if (count > 1 && _slabCount == 0)
            AddSlab(1);
        if (_slabCount + count > _slabCapacity)
        {
            _slabCapacity = Math.Max(16, _slabCapacity * 2);
            _slabs = (byte**)NativeMemory.Realloc(_slabs, (nuint)_slabCapacity * (nuint)sizeof(byte*));
        }

        var memory = (byte*)NativeMemory.AlignedAlloc((nuint)count * SlabBytes, MinBytes);
        _allocations.Add((nint)memory);
        var first = _slabCount;
        for (var slab = 0; slab < count; slab++)
            _slabs[_slabCount++] = memory + ((nint)slab * SlabBytes);
        return first << SlabShift;
    }
}
