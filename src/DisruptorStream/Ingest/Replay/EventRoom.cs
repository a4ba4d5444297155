using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using DisruptorStream.Events;

namespace DisruptorStream.Ingest.Replay;

/// <summary>Room for slots and the words beside them, in memory that does not move.</summary>
internal sealed unsafe class EventRoom
{
    private readonly int _width;
    private EventSlot[] _slots = [];
    private long[] _words = [];

    /// <param name="furtherWords">The words beside each slot.</param>
    public EventRoom(int furtherWords) => _width = furtherWords;

    /// <summary>Room for some slots, until it is asked for more.</summary>
    /// <param name="first">The sequence of the first.</param>
    /// <param name="count">How many.</param>
    public EventView Of(long first, int count)
    {
        if (count > _slots.Length)
        {
            _slots = GC.AllocateUninitializedArray<EventSlot>(count, pinned: true);
            _words = GC.AllocateArray<long>(count * _width, pinned: true);
        }

        return new EventView(
            (EventSlot*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_slots)),
            (long*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_words)),
            _width,
            first,
            count);
    }
}
