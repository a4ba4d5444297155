using DisruptorStream.Events;

namespace DisruptorStream.Pipeline.Assignment;

/// <summary>Finds how far the slots go on alike.</summary>
internal static unsafe class SlotScan
{
    private const ulong EveryKey = 1UL << 32;

    /// <summary>
    /// Counts the events from the first on that are of its source and in [start, end), and finds their largest
    /// timestamp.
    /// </summary>
    public static int Count(in EventView view, long start, long end, ref long max)
    {
        var slots = view.Slots;
        var head = EventSlot.HeadOf(slots);
        var count = 0;
        if (end > start && view.Count >= SlotBounds.BlockSlots)
        {
            var bounds = new SlotBounds(start, (ulong)(end - start), head, EveryKey, isInput: false);
            count = bounds.CountBlocks(slots, view.Count, ref max);
        }

        var largest = max;
        for (; count < view.Count; count++)
        {
            var slot = slots + count;
            var timestamp = slot->Timestamp;
            if (timestamp < start || timestamp >= end || EventSlot.HeadOf(slot) != head)
                break;
            largest = Math.Max(largest, timestamp);
        }

        max = largest;
        return count;
    }
}
