namespace DisruptorStream.Emission.Pumping;

/// <summary>A sink that can do a part of its next write while the one before it waits for a disk.</summary>
internal interface IAheadSink<TKey>
{
    /// <summary>
    /// Says before a write which results the write after it gets. The sink may do with them what needs no target, until
    /// the write of now is over. Not before every write. Returns at once, and never throws.
    /// </summary>
    /// <param name="next">The results, as the very array that the next write gets.</param>
    void Announce(WindowResult<TKey>[] next);
}
