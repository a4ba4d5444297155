namespace DisruptorStream.Durability.Journal;

/// <summary>Whether slots are packed into few bits before they are written.</summary>
internal enum SlotPacking
{
    /// <summary>Where it makes the frame a quarter shorter or more.</summary>
    WhereItPays,

    /// <summary>Slots are written as they lie in the ring: nothing is copied.</summary>
    Never,

    /// <summary>Unless that makes the frame longer.</summary>
    Always,
}
