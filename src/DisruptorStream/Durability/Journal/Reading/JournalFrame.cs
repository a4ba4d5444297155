using DisruptorStream.Durability.Journal.Format;
using DisruptorStream.Events;

namespace DisruptorStream.Durability.Journal.Reading;

/// <summary>One frame of a journal. Its memory is good until the next one is read.</summary>
internal readonly ref struct JournalFrame
{
    public required FrameKind Kind { get; init; }

    /// <summary>The first of its slots; of a frame without slots, the slot that comes after it.</summary>
    public required long FirstSequence { get; init; }

    /// <summary>How many slots, records or numbers it has.</summary>
    public required int Count { get; init; }

    /// <summary>Its number, from 1 on.</summary>
    public required long Ordinal { get; init; }

    /// <summary>The segment that it is in: plan, layout and generation.</summary>
    public required JournalSegment Segment { get; init; }

    /// <summary>The last slot that was durable when it was written; -1 for none.</summary>
    public required long DurableTo { get; init; }

    /// <summary>
    /// Of <see cref="FrameKind.Slots"/>, the slots, contiguous and aligned to 8 bytes; of <see
    /// cref="FrameKind.Order"/>, slots in their places (<see cref="SlotKind.Sourced"/>).
    /// </summary>
    public EventView Slots { get; init; }

    /// <summary>Of <see cref="FrameKind.Records"/>, the records of the side log.</summary>
    public ReadOnlySpan<byte> Records { get; init; }

    /// <summary>Of <see cref="FrameKind.Positions"/>, how many results of each query were delivered.</summary>
    public ReadOnlySpan<long> Positions { get; init; }
}
