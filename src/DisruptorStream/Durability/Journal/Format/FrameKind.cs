namespace DisruptorStream.Durability.Journal.Format;

/// <summary>What a frame of a journal holds. The numbers are in files.</summary>
internal enum FrameKind : byte
{
    /// <summary>No frame.</summary>
    None = 0,

    /// <summary>Consecutive slots, and after them their further words.</summary>
    Slots = 1,

    /// <summary>Records of the side log.</summary>
    Records = 2,

    /// <summary>How many results of each query were delivered.</summary>
    Positions = 3,

    /// <summary>A process begins here: records before it that are of later slots are void.</summary>
    Restart = 4,

    /// <summary>The journal was closed on purpose after all before it.</summary>
    End = 5,

    /// <summary>What the processor is that writes from here on.</summary>
    Plan = 6,

    /// <summary>Consecutive slots as well: events of sources, of which only the order is kept.</summary>
    Order = 7,
}
