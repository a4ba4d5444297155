namespace DisruptorStream.Durability.Journal.Reading;

/// <summary>A segment that counts, or a place where one is missing.</summary>
/// <param name="Segment">The segment, with its end where the next one says it; null where it is missing.</param>
/// <param name="HashAtEnd">The hash that the next one says is at its end.</param>
/// <param name="Missing">What is missing.</param>
internal readonly record struct SegmentLink(JournalSegment? Segment, ulong HashAtEnd, MissingSegment? Missing);
