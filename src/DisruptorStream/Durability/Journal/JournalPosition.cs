namespace DisruptorStream.Durability.Journal;

/// <summary>A place between two frames of a journal.</summary>
/// <param name="Segment">The number of the segment.</param>
/// <param name="Offset">The byte in it.</param>
/// <param name="Hash">Of the frame before, or of the segment's header.</param>
/// <param name="Ordinal">Of the frame before; 0 for none.</param>
/// <param name="NextSequence">The first slot that is behind the place.</param>
internal readonly record struct JournalPosition(
    long Segment, long Offset, ulong Hash, long Ordinal, long NextSequence);
