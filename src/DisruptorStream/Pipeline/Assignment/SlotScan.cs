using DisruptorStream.Events;

namespace DisruptorStream.Pipeline.Assignment;

/// <summary>Finds how far the slots go on alike.</summary>
internal static unsafe class SlotScan
{
    private const ulong EveryKey = 1UL << 32;

    /// <summary>As the other one, for events of which something may be known without looking at them.</summary>
    public static int Count(in EventView view, in TimestampRange known, long start, long end, ref long max)
    {
        if (!known.LiesIn(start, end))
            return Count(view, start, end, ref max);
        max = Math.Max(max, known.Latest);
        return view.Count;
    }

    /// <summary>
    /// Counts the events from the first on that are of its source and in [start, end), and finds their largest
    /// timestamp.
    /// </summary>
    public static int Count(in EventView view, long start, long end, ref long max)
    {
        var slots = view.Slots;
        var head = EventSlot.HeadOf(slots);
        var count = 0;
        if (end > start && view.Count >= SlotBounds.BlockSlots && Fits(slots + 1, head, start, end))
        {
            var bounds = new SlotBounds(start, (ulong)(end - start), head, EveryKey, isInput: false);
            var range = TimestampRange.Empty with { Latest = max };
            count = bounds.CountBlocks(slots, view.Count, ref range);
            max = range.Latest;
        }

        var largest = max;
        for (; count < view.Count; count++)
        {
            var slot = slots + count;
            if (!Fits(slot, head, start, end))
                break;
            largest = Math.Max(largest, slot->TimestampTicks);
        }

        max = largest;
        return count;
    }

    private static bool Fits(EventSlot* slot, uint head, long start, long end) =>
        slot->TimestampTicks >= start && slot->TimestampTicks < end && EventSlot.HeadOf(slot) == head;
}
