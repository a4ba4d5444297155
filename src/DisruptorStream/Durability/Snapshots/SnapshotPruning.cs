namespace DisruptorStream.Durability.Snapshots;

/// <summary>What <see cref="SnapshotStore.Prune"/> left and took away.</summary>
/// <param name="Kept">The valid snapshots that were kept on purpose, newest first. All are durable.</param>
/// <param name="IsReached">
/// Whether one of them has no result beyond those that were reached: else what comes before all of them is needed
/// still.
/// </param>
/// <param name="DeletedFiles">How many files were deleted, those of a crash included.</param>
internal readonly record struct SnapshotPruning(IReadOnlyList<SnapshotEntry> Kept, bool IsReached, int DeletedFiles)
{
    /// <summary>
    /// Slots up to this sequence are in each kept snapshot, and nobody needs them to recover; null where somebody does.
    /// </summary>
    public long? OldestSequence => !IsReached ? null : Kept[^1].Sequence;

    /// <summary>As <see cref="OldestSequence"/>, of the frames of the journal.</summary>
    public long? OldestOrdinal => !IsReached ? null : Kept[^1].Info!.JournalOrdinal;
}
