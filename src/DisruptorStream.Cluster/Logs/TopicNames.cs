using System.Buffers;

namespace DisruptorStream.Cluster.Logs;

/// <summary>Checks what every store asks of topics, so that a topic of one can be a topic of another.</summary>
public static class TopicNames
{
    private static readonly SearchValues<char> Allowed = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    /// <summary>The name of a topic, if it may be one.</summary>
    /// <param name="topic">Letters, digits, '-' and '_'; 1 to <see cref="IPartitionLogStore.MaxNameLength"/>.</param>
    /// <exception cref="ArgumentException">It may not.</exception>
    public static string Checked(string topic)
    {
        ArgumentException.ThrowIfNullOrEmpty(topic);
        if (topic.Length > IPartitionLogStore.MaxNameLength || topic.AsSpan().ContainsAnyExcept(Allowed))
        {
            throw new ArgumentException(
                $"The topic '{topic}' cannot be: a name has 1 to {IPartitionLogStore.MaxNameLength} of the letters "
                + "A to Z and a to z, digits, '-' and '_'.",
                nameof(topic));
        }

        return topic;
    }

    /// <summary>A count of partitions, if there may be as many.</summary>
    /// <param name="partitions">1 to <see cref="IPartitionLogStore.MaxPartitions"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">There may not.</exception>
    public static int Checked(int partitions)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(partitions, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(partitions, IPartitionLogStore.MaxPartitions);
        return partitions;
    }

    /// <summary>What tells that a topic is there with another count of partitions.</summary>
    /// <param name="topic">Its name.</param>
    /// <param name="there">How many it has.</param>
    /// <param name="wanted">How many were asked for.</param>
    public static InvalidOperationException OtherCount(string topic, int there, int wanted) => new(
        $"The topic '{topic}' has {there} partitions and not {wanted}. The count is fixed when a topic is made, since "
        + $"each key has its place by it: use {there}, or another topic.");

    /// <summary>What tells that there is no such partition.</summary>
    /// <param name="topic">The name of the topic.</param>
    /// <param name="partition">Which was asked for.</param>
    /// <param name="there">How many it has; 0 where there is no such topic.</param>
    public static InvalidOperationException NotThere(string topic, int partition, int there) => new(there == 0
        ? $"There is no topic '{topic}'; make it with CreateTopicAsync."
        : $"The topic '{topic}' has the partitions 0 to {there - 1}, and no partition {partition}.");
}
