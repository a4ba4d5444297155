using System.Runtime.InteropServices;
using DisruptorStream.Events;

namespace DisruptorStream.Tests.Durability.Journal;

/// <summary>Slots that do not move.</summary>
internal sealed unsafe class PinnedSlots
{
    private readonly EventSlot[] _slots;

    public PinnedSlots(int count)
    {
        _slots = GC.AllocateArray<EventSlot>(count, pinned: true);
        for (var index = 0; index < count; index++)
            _slots[index] = JournalBench.Slot(index);
    }

    /// <summary>The slots, as if they began at a sequence.</summary>
    public EventView From(long sequence) => new(
        (EventSlot*)Marshal.UnsafeAddrOfPinnedArrayElement(_slots, 0), null, 0, sequence, _slots.Length);
}
