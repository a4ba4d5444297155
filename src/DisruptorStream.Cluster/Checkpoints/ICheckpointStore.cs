using DisruptorStream.Cluster.Logs;

namespace DisruptorStream.Cluster.Checkpoints;

/// <summary>The newest state of each partition, from which its next owner goes on.</summary>
/// <remarks>
/// A hint only: a partition whose checkpoint is lost is restored from its logs. Any thread, several calls at a time.
/// </remarks>
public interface ICheckpointStore : IAsyncDisposable
{
    /// <summary>The newest checkpoint of a partition; null where there is none.</summary>
    /// <param name="topic">The name of the topic of its results.</param>
    /// <param name="partition">From 0 on.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="DamagedCheckpointException">It is damaged.</exception>
    ValueTask<StoredCheckpoint?> ReadAsync(string topic, int partition, CancellationToken cancellationToken);

    /// <summary>Which checkpoint of a partition is the newest; null where there is none.</summary>
    /// <param name="topic">The name of the topic of its results.</param>
    /// <param name="partition">From 0 on.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <remarks>
    /// Asked for once in each interval, to see who writes. A store that does not say how reads the whole checkpoint.
    /// </remarks>
    /// <exception cref="DamagedCheckpointException">It is damaged.</exception>
    async ValueTask<CheckpointPlace?> FindAsync(string topic, int partition, CancellationToken cancellationToken) =>
        (await ReadAsync(topic, partition, cancellationToken).ConfigureAwait(false))?.Place;

    /// <summary>Puts a checkpoint in the place of another one, or does nothing.</summary>
    /// <param name="topic">The name of the topic of its results.</param>
    /// <param name="partition">From 0 on.</param>
    /// <param name="checkpoint">What is kept. Its bytes are the caller's again when the call has ended.</param>
    /// <param name="revision">
    /// That of the checkpoint which it replaces; 0 where there is none. Below 0 is refused.
    /// </param>
    /// <param name="cancellationToken">Ends the wait; the checkpoint may be there then.</param>
    /// <returns>Its revision: above that of the one before.</returns>
    /// <exception cref="PartitionFencedException">
    /// Another one is there: somebody else owns the partition. Nothing was changed.
    /// </exception>
    /// <remarks>A reader sees the one or the other, whole, also where the writer ends in the middle.</remarks>
    ValueTask<long> WriteAsync(
        string topic, int partition, Checkpoint checkpoint, long revision, CancellationToken cancellationToken);
}
