namespace DisruptorStream.Durability;

/// <summary>How snapshots are taken.</summary>
public enum SnapshotMethod
{
    /// <summary>
    /// A second processor in the same process, the shadow, follows the journal and saves its own state: the processor
    /// never stops for a snapshot. The state is in memory twice.
    /// </summary>
    Shadow,

    /// <summary>
    /// The processor's own state is copied while it goes on: a few pages between two batches, and each page before it
    /// changes. There is no second state, and no other engine that handles each event again.
    /// </summary>
    Copy,
}
