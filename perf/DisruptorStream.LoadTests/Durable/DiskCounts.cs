namespace DisruptorStream.LoadTests.Durable;

/// <summary>What was asked of a disk.</summary>
/// <param name="Bytes">Written to the journal's files.</param>
/// <param name="Writes">Calls that wrote them.</param>
/// <param name="Syncs">Of these files.</param>
/// <param name="SpareBytes">Written to files that are made ahead.</param>
internal readonly record struct DiskCounts(long Bytes, long Writes, long Syncs, long SpareBytes)
{
    public static DiskCounts operator -(DiskCounts left, DiskCounts right) => new(
        left.Bytes - right.Bytes,
        left.Writes - right.Writes,
        left.Syncs - right.Syncs,
        left.SpareBytes - right.SpareBytes);
}
