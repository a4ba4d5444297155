using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using DisruptorStream.Events;
using DisruptorStream.Rings;

namespace DisruptorStream.Slots;

/// <summary>The memory of the slots, and of the further words of their events that lie beside them.</summary>
/// <remarks>
/// Who may touch which slot is the sequencer's business. Memory is zeroed when made, and zeros read as an event: each
/// slot of a claim is filled or made void before it is published.
/// </remarks>
[SuppressMessage(
    "Design", "CA1001", Justification = "Freed when the last publisher is gone, which only the collector knows.")]
internal sealed unsafe class SlotBuffer
{
    private readonly RingBuffer<EventSlot> _slots;
    private readonly long* _furtherMeasures;
    private readonly int _furtherMeasureCount;

    /// <param name="sequencer">Hands out the slots.</param>
    /// <param name="furtherWords">The words beside each slot.</param>
    public SlotBuffer(Sequencer sequencer, int furtherWords)
    {
        _slots = new RingBuffer<EventSlot>(sequencer);
        _furtherMeasureCount = furtherWords;
        if (_furtherMeasureCount == 0)
            return;
        var lengthBytes = checked((nuint)_slots.Capacity * (nuint)_furtherMeasureCount * sizeof(long));
        _furtherMeasures = (long*)NativeMemory.AlignedAlloc(lengthBytes, Sequence.PaddingBytes);
        NativeMemory.Clear(_furtherMeasures, lengthBytes);
    }

    /// <remarks>
    /// Nobody disposes it: a publisher that was overtaken by the stop may still be writing to its claim.
    /// </remarks>
    [SuppressMessage(
        "Design", "MA0055", Justification = "Freed when the last publisher is gone, which only the collector knows.")]
    ~SlotBuffer()
    {
        _slots.Dispose();
        NativeMemory.AlignedFree(_furtherMeasures);
    }

    public int Capacity => _slots.Capacity;

    public Sequencer Sequencer => _slots.Sequencer;

    public long BytesReserved => (long)Capacity * (sizeof(EventSlot) + (_furtherMeasureCount * sizeof(long)));

    public EventSlot* SlotAt(long sequence) => _slots.Address(sequence);

    public long* FurtherMeasuresAt(long sequence) =>
        _furtherMeasures + ((sequence & _slots.Mask) * _furtherMeasureCount);

    /// <summary>The slots from a sequence on, which must not cross the wrap.</summary>
    public EventView View(long first, int count) =>
        new(SlotAt(first), FurtherMeasuresAt(first), _furtherMeasureCount, first, count);

    /// <summary>Copies slots that were published elsewhere into a claim; gives those that were copied.</summary>
    public EventView Fill(SequenceRange range, in EventView events)
    {
        events.Slice(0, range.Count).CopyTo(SlotAt(range.First), FurtherMeasuresAt(range.First));
        return View(range.First, range.Count);
    }

    /// <summary>How many of first..last lie before the wrap.</summary>
    public int ContiguousCount(long first, long last) => _slots.ContiguousCount(first, last);
}
