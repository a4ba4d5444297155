namespace DisruptorStream.Cluster.Logs;

/// <summary>Topics of a log server; each is cut into partitions, whose count is fixed when it is made.</summary>
/// <remarks>
/// Any thread, several calls at a time. A topic's name has letters, digits, '-' and '_', and up to
/// <see cref="MaxNameLength"/> of them.
/// </remarks>
public interface IPartitionLogStore : IAsyncDisposable
{
    /// <summary>The most characters of a topic's name.</summary>
    const int MaxNameLength = 100;

    /// <summary>The most partitions of a topic.</summary>
    const int MaxPartitions = 4096;

    /// <summary>Makes a topic, or finds that it is there with as many partitions.</summary>
    /// <param name="topic">Its name.</param>
    /// <param name="partitions">How many; 1 to <see cref="MaxPartitions"/>.</param>
    /// <param name="cancellationToken">Ends the wait; the topic may be there then.</param>
    /// <exception cref="InvalidOperationException">It is there with another count: keys would be elsewhere.</exception>
    /// <exception cref="ArgumentException">The name or the count cannot be.</exception>
    ValueTask CreateTopicAsync(string topic, int partitions, CancellationToken cancellationToken);

    /// <summary>How many partitions a topic has; 0 where it is not there.</summary>
    /// <param name="topic">Its name.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask<int> CountPartitionsAsync(string topic, CancellationToken cancellationToken);

    /// <summary>Opens a partition, to read and to append.</summary>
    /// <param name="topic">The name of its topic.</param>
    /// <param name="partition">From 0 on.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="InvalidOperationException">There is no such topic or partition.</exception>
    ValueTask<IPartitionLog> OpenAsync(string topic, int partition, CancellationToken cancellationToken);
}
