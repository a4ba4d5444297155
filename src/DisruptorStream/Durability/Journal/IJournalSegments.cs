namespace DisruptorStream.Durability.Journal;

/// <summary>
/// Which segments a reader may read, and how far: of a closed journal, or of one that is being written.
/// </summary>
/// <remarks>Any thread.</remarks>
internal interface IJournalSegments
{
    /// <summary>In the order of their numbers. A list is never changed: there is a new one instead.</summary>
    JournalSegment[] Segments { get; }

    /// <summary>The last frame that may be read.</summary>
    long LastOrdinal { get; }

    /// <summary>Behind that frame. Takes a lock, where <see cref="LastOrdinal"/> takes none.</summary>
    JournalPosition End { get; }
}
