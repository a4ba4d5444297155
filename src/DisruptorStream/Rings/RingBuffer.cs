using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace DisruptorStream.Rings;

/// <summary>The slots of a ring, in memory of its own outside of the managed heap.</summary>
/// <remarks>
/// Zeroed when made, so its pages are resident. Starts on a boundary of 128 bytes, with as much unused on both ends.
/// Who may touch which slot is the sequencer's business. Dispose it when no thread uses it any more.
/// </remarks>
internal sealed unsafe class RingBuffer<T> : IDisposable
    where T : unmanaged
{
    private readonly T* _slots;
    private void* _memory;

    public RingBuffer(Sequencer sequencer)
    {
        Sequencer = sequencer;
        Capacity = sequencer.Capacity;
        Mask = Capacity - 1;

        var lengthBytes = checked((nuint)Capacity * (nuint)sizeof(T) + (2 * Sequence.PaddingBytes));
        _memory = NativeMemory.AlignedAlloc(lengthBytes, Sequence.PaddingBytes);
        NativeMemory.Clear(_memory, lengthBytes);
        _slots = (T*)((byte*)_memory + Sequence.PaddingBytes);
    }

    public Sequencer Sequencer { get; }

    public int Capacity { get; }

    /// <summary>A sequence and this is the index of its slot.</summary>
    public long Mask { get; }

    public ref T this[long sequence] => ref _slots[sequence & Mask];

    public T* Address(long sequence) => _slots + (sequence & Mask);

    public Span<T> Slots(SequenceRange range) => Slots(range.First, range.Count);

    /// <summary>
    /// The slots of these sequences, which must not cross the wrap: see <see cref="ContiguousCount"/>.
    /// </summary>
    public Span<T> Slots(long first, int count)
    {
        var index = first & Mask;
        if (count < 0 || index + count > Capacity)
            ThrowCrossesWrap(first, count);

        return new Span<T>(_slots + index, count);
    }

    /// <summary>How many of first..last lie before the wrap; 0 when there are none at all.</summary>
    public int ContiguousCount(long first, long last) =>
        (int)Math.Clamp(last - first + 1, 0, Capacity - (first & Mask));

    public void Dispose()
    {
        NativeMemory.AlignedFree(_memory);
        _memory = null;
    }

    [DoesNotReturn]
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ThrowCrossesWrap(long first, int count) =>
        throw new ArgumentOutOfRangeException(
            nameof(count),
            count,
            $"The slots from sequence {first} on cross the end of the ring of {Capacity}: take them in two spans.");
}
