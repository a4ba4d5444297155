using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using DisruptorStream.Events;

namespace DisruptorStream.Ingest.Replay;

/// <summary>A copy of consecutive slots and of the words beside them, in memory that does not move.</summary>
internal sealed unsafe class EventCopy
{
    private readonly EventSlot[] _slots;
    private readonly long[] _words;
    private readonly int _width;
    private readonly long _first;

    public EventCopy(in EventView events)
    {
        _first = events.FirstSequence;
        _width = events.FurtherMeasureCount;
        _slots = GC.AllocateUninitializedArray<EventSlot>(events.Count, pinned: true);
        _words = GC.AllocateUninitializedArray<long>(events.Count * _width, pinned: true);
        var copy = View;
        events.CopyTo(copy.Slots, copy.FurtherMeasures);
    }

    /// <summary>The slots, for as long as this is held.</summary>
    public EventView View => new(
        (EventSlot*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_slots)),
        (long*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_words)),
        _width,
        _first,
        _slots.Length);
}
