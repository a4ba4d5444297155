namespace DisruptorStream.Events;

/// <summary>Slots in contiguous memory, with the side array of their further measures.</summary>
/// <remarks>
/// Straight from the ring they are consecutive. What a shard has gathered of its own is not: it brings its sequences
/// along.
/// </remarks>
internal readonly unsafe struct EventView
{
    public EventView(
        EventSlot* slots,
        long* furtherMeasures,
        int furtherMeasureCount,
        long firstSequence,
        int count,
        long* sequences = null)
    {
        Slots = slots;
        FurtherMeasures = furtherMeasures;
        FurtherMeasureCount = furtherMeasureCount;
        FirstSequence = firstSequence;
        Count = count;
        Sequences = sequences;
    }

    public EventSlot* Slots { get; }

    /// <summary>Row-major, <see cref="FurtherMeasureCount"/> per slot; null when there is one measure only.</summary>
    public long* FurtherMeasures { get; }

    public int FurtherMeasureCount { get; }

    public long FirstSequence { get; }

    public int Count { get; }

    /// <summary>The sequence of each gathered slot; null where they are consecutive.</summary>
    public long* Sequences { get; }

    /// <summary>
    /// How far behind each slot one lies that is there already and comes next, so that a loop can ask for it; 0 where
    /// there is none.
    /// </summary>
    public nint NextBytes { get; init; }

    /// <summary>
    /// The slot at which the events are decided on, where they came at earlier ones; only where they bring their
    /// sequences along.
    /// </summary>
    public long? Cause { get; init; }

    /// <summary>The sequence of the slot that an event is decided on at: its own, as a rule.</summary>
    public long CauseOf(int index) => Cause ?? SequenceOf(index);

    public long SequenceOf(int index) => Sequences == null ? FirstSequence + index : Sequences[index];

    public EventView Slice(int start, int count) => Sequences == null
        ? new EventView(Slots + start, FurtherOf(start), FurtherMeasureCount, FirstSequence + start, count)
        {
            NextBytes = NextBytes,
        }
        : new EventView(
            Slots + start, FurtherOf(start), FurtherMeasureCount, Sequences[start], count, Sequences + start)
        {
            Cause = Cause,
        };

    /// <summary>Copies the slots and the words beside them; not the sequences.</summary>
    /// <param name="slots">Where there is room for the slots.</param>
    /// <param name="words">Where there is room for the words; null where there are none.</param>
    public void CopyTo(EventSlot* slots, long* words)
    {
        new ReadOnlySpan<EventSlot>(Slots, Count).CopyTo(new Span<EventSlot>(slots, Count));
        var wordCount = Count * FurtherMeasureCount;
        if (wordCount > 0)
            new ReadOnlySpan<long>(FurtherMeasures, wordCount).CopyTo(new Span<long>(words, wordCount));
    }

    /// <summary>One of the slots.</summary>
    public ref EventSlot SlotAt(int index) => ref Slots[index];

    /// <summary>Whether all events have the key of the first.</summary>
    public bool IsOneKey()
    {
        var keyId = Slots->KeyId;
        for (var slot = Slots + 1; slot < Slots + Count; slot++)
        {
            if (slot->KeyId != keyId)
                return false;
        }

        return true;
    }

    /// <summary>
    /// The address of a measure of the first event; the next event's lies <paramref name="strideBytes"/> further on.
    /// </summary>
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

    private long* FurtherOf(int start) => FurtherMeasures + ((long)start * FurtherMeasureCount);
}
