using DisruptorStream.Durability.Journal.Format;

namespace DisruptorStream.Durability.Journal;

/// <summary>A segment that holds slots or may get some; never changed, but replaced.</summary>
internal sealed record JournalSegment
{
    /// <summary>The end of a segment that is still written.</summary>
    public const long Open = -1;

    public required string Path { get; init; }

    public required SegmentHeader Header { get; init; }

    /// <summary>Where its frames end; <see cref="Open"/> while more are written.</summary>
    public long EndOffset { get; init; } = Open;

    /// <summary>The last slot that one of its records comes before; -1 for none.</summary>
    public long LastRecordSequence { get; init; } = JournalFormat.NoSequence;

    public long Number => Header.Number;

    public long FirstSequence => Header.FirstSequence;

    /// <summary>The number, in the list from the lowest number on, of the segment with that number; or -1.</summary>
    public static int IndexOf(ReadOnlySpan<JournalSegment> segments, long number)
    {
        for (var index = segments.Length - 1; index >= 0; index--)
        {
            if (segments[index].Number == number)
                return index;
        }

        return -1;
    }
}
