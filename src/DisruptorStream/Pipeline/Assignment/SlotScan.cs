using DisruptorStream.Events;

namespace DisruptorStream.Pipeline.Assignment;

/// <summary>Finds how far the slots go on alike.</summary>
internal static unsafe class SlotScan
{
    private const int BlockSlots = 4;

    /// <summary>
    /// Counts the events from the first on that are of its source and in [start, end), and finds their largest
    /// timestamp.
    /// </summary>
    public static int Count(in EventView view, long start, long end, ref long max)
    {
        var slots = view.Slots;
        var head = EventSlot.HeadOf(slots);
        var count = end > start ? CountBlocks(slots, view.Count, start, (ulong)(end - start), ref max) : 0;
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

    /// <summary>Whole blocks, with one branch for each of them.</summary>
    private static int CountBlocks(EventSlot* slots, int count, long start, ulong length, ref long max)
    {
        var head = EventSlot.HeadOf(slots);
        var (even, odd) = (max, max);
        var done = 0;
        for (; done + BlockSlots <= count; done += BlockSlots, slots += BlockSlots)
        {
            var (a, b, c, d) = (slots->Timestamp, slots[1].Timestamp, slots[2].Timestamp, slots[3].Timestamp);
            var strange = (EventSlot.HeadOf(slots) ^ head) | (EventSlot.HeadOf(slots + 1) ^ head)
                | (EventSlot.HeadOf(slots + 2) ^ head) | (EventSlot.HeadOf(slots + 3) ^ head);
            if (strange != 0
                | (ulong)(a - start) >= length | (ulong)(b - start) >= length
                | (ulong)(c - start) >= length | (ulong)(d - start) >= length)
            {
                break;
            }

            even = Math.Max(even, Math.Max(a, b));
            odd = Math.Max(odd, Math.Max(c, d));
        }

        max = Math.Max(even, odd);
        return done;
    }
}
