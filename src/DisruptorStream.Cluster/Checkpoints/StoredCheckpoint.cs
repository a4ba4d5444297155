namespace DisruptorStream.Cluster.Checkpoints;

/// <summary>A checkpoint as a store has it.</summary>
/// <param name="Revision">Names it; above 0, and above that of each one before.</param>
/// <param name="WrittenAt">When the store got it, by the store's clock or the writer's.</param>
/// <param name="Checkpoint">What was kept.</param>
public sealed record StoredCheckpoint(long Revision, DateTimeOffset WrittenAt, Checkpoint Checkpoint)
{
    /// <summary>Which one it is, without its state.</summary>
    public CheckpointPlace Place => new(Revision, WrittenAt, Checkpoint.Epoch, Checkpoint.Position);
}
