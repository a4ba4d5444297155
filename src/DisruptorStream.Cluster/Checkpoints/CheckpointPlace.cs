namespace DisruptorStream.Cluster.Checkpoints;

/// <summary>Which checkpoint is the newest of a partition, without its state.</summary>
/// <param name="Revision">Names it; above 0, and above that of each one before.</param>
/// <param name="WrittenAt">When the store got it, by the store's clock or the writer's.</param>
/// <param name="Epoch">The epoch of the partition's owner then.</param>
/// <param name="Position">The position of the last record of the log of results that is in it.</param>
public sealed record CheckpointPlace(long Revision, DateTimeOffset WrittenAt, long Epoch, long Position);
