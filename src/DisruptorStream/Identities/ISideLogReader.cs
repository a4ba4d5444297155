namespace DisruptorStream.Identities;

/// <summary>What takes the records of a side log.</summary>
internal interface ISideLogReader
{
    /// <summary>
    /// Returns once the log has room, or throws. Called by a thread that is about to add a record, when the log is
    /// full.
    /// </summary>
    /// <remarks>
    /// It must not wait for a slot: the caller may hold a claim, behind which no slot is seen. Where the reader has no
    /// thread of its own it takes the records at once, as its own work is done by the caller's thread too.
    /// </remarks>
    void MakeRoom();
}
