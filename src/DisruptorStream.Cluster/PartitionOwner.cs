namespace DisruptorStream.Cluster;

/// <summary>Runs one partition of a query in this process: as its owner, or as a standby of the owner.</summary>
/// <remarks>
/// <para>
/// Whoever starts it may err, and run a partition twice: of two owners one is refused by the log, and ends as
/// <see cref="PartitionState.Fenced"/>. Make another one to try again.
/// </para>
/// <para>
/// Any thread. Each call returns in every state: <see cref="Start"/> and <see cref="TakeOver"/> at once,
/// <see cref="StopAsync"/> and <see cref="DisposeAsync"/> when it has ended. A log or a store that is away for a while
/// is waited for, and <see cref="GetStatus"/> says so.
/// </para>
/// </remarks>
public abstract class PartitionOwner : IAsyncDisposable
{
    private protected PartitionOwner(string query, int partition) => (Query, Partition) = (query, partition);

    /// <summary>The name of the query.</summary>
    public string Query { get; }

    /// <summary>The partition's number.</summary>
    public int Partition { get; }

    /// <summary>
    /// Completes when it has stopped. Faults with <see cref="Logs.PartitionFencedException"/> where somebody else owns
    /// the partition, and with what failed otherwise.
    /// </summary>
    public abstract Task Completion { get; }

    /// <summary>Begins: restores the partition, and then owns it, or stands by.</summary>
    /// <exception cref="InvalidOperationException">It was started before, or has ended.</exception>
    public abstract void Start();

    /// <summary>
    /// A standby owns the partition from now on: what the owner before has appended is handled, and it is fenced. Does
    /// nothing where it owns it, or has ended.
    /// </summary>
    public abstract void TakeOver();

    /// <summary>Ends: what was handled is in the log, and a checkpoint of it in the store.</summary>
    /// <param name="cancellationToken">Ends it at once, without all that; nothing is lost.</param>
    /// <remarks>Completes also where it fails or is fenced: <see cref="Completion"/> says so.</remarks>
    public abstract Task StopAsync(CancellationToken cancellationToken = default);

    /// <summary>How it is doing.</summary>
    public abstract PartitionStatus GetStatus();

    /// <summary>Ends at once. What was handled and is not in the log, the next owner handles again.</summary>
    public abstract ValueTask DisposeAsync();
}
