namespace DisruptorStream.Events;

/// <summary>A run of consecutive slots in contiguous memory, with the side array of their further measures.</summary>
internal readonly unsafe struct EventView
{
    public EventView(EventSlot* slots, long* furtherMeasures, int furtherMeasureCount, long firstSequence, int count)
    {
        Slots = slots;
        FurtherMeasures = furtherMeasures;
        FurtherMeasureCount = furtherMeasureCount;
        FirstSequence = firstSequence;
        Count = count;
    }

    public EventSlot* Slots { get; }

    /// <summary>Row-major, <see cref="FurtherMeasureCount"/> per slot; null when there is one measure only.</summary>
    public long* FurtherMeasures { get; }

    public int FurtherMeasureCount { get; }

    public long FirstSequence { get; }

    public int Count { get; }

    public EventView Slice(int start, int count) => new(
        Slots + start,
        FurtherMeasures + ((long)start * FurtherMeasureCount),
        FurtherMeasureCount,
        FirstSequence + start,
        count);

    /// <summary>The address of a measure of the first event; the next event's lies <paramref name="strideBytes"/> further on.</summary>
    public byte* Measure(int measureIndex, out nint strideBytes)
    {
        if (measureIndex == 0)
        {
            strideBytes = EventSlot.SizeBytes;
            return (byte*)&Slots->Measure;
        }

        strideBytes = FurtherMeasureCount * sizeof(long);
        return (byte*)(FurtherMeasures + (measureIndex - 1));
    }
}
