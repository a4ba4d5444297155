namespace DisruptorStream.Durability.Journal;

/// <summary>What can be wrong with a journal.</summary>
internal enum JournalFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The file ends, or holds zeros, where a frame was.</summary>
    Missing,

    /// <summary>What is there is no frame of this segment: another salt.</summary>
    Salt,

    /// <summary>A frame has an impossible length.</summary>
    Length,

    /// <summary>The checksum of a frame is wrong.</summary>
    Checksum,

    /// <summary>A whole frame of this segment stands in the wrong place.</summary>
    Order,

    /// <summary>A frame, or a segment, follows on another one than the one before it.</summary>
    Chain,

    /// <summary>The header of a segment is unreadable.</summary>
    Header,

    /// <summary>A segment between two others is not there.</summary>
    Gap,

    /// <summary>A segment belongs to another stream.</summary>
    Stream,
}
