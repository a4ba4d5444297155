using DisruptorStream.Building;
using DisruptorStream.Cluster.Checkpoints;
using DisruptorStream.Cluster.Formats;
using DisruptorStream.Cluster.Handling;
using DisruptorStream.Cluster.Logs;
using DisruptorStream.Sources;

namespace DisruptorStream.Cluster.Owning;

/// <summary>What all partitions of a query have in common.</summary>
/// <typeparam name="TEvent">The type of the events.</typeparam>
/// <typeparam name="TKey">The type of the keys.</typeparam>
internal sealed record PartitionPlan<TEvent, TKey>
    where TKey : notnull
{
    /// <summary>The name of the query.</summary>
    public required string Name { get; init; }

    /// <summary>The query, Inline, without a clock and without outputs.</summary>
    public required BuildStep<TEvent, TKey> Query { get; init; }

    /// <summary>What decides about its results.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>The queries whose place it takes, with lower versions, in any order.</summary>
    public IReadOnlyList<PartitionPlan<TEvent, TKey>> Earlier { get; init; } = [];

    /// <summary>Whether results depend on the clock, so that it has to go on where nothing comes.</summary>
    public required bool ClockMatters { get; init; }

    /// <summary>How often the clock moves.</summary>
    public required TimeSpan TickInterval { get; init; }

    /// <summary>Finds the partition of a key.</summary>
    public required KeyPartitioner<TEvent, TKey> Partitioner { get; init; }

    /// <summary>The rest.</summary>
    public required PartitionOptions<TEvent> Options { get; init; }

    /// <summary>Its version.</summary>
    public int Version => Options.Version;

    public BadRecordPolicy OnBadRecord => Options.OnBadRecord;

    public IPartitionLogStore Logs => Options.Logs;

    public ICheckpointStore? Checkpoints => Options.Checkpoints;

    public IEventFormat<TEvent> Format => Options.Format;

    /// <summary>This query or an earlier one; null where it is none of them.</summary>
    public PartitionPlan<TEvent, TKey>? Find(string fingerprint)
    {
        if (string.Equals(Fingerprint, fingerprint, StringComparison.Ordinal))
            return this;
        foreach (var plan in Earlier)
        {
            if (string.Equals(plan.Fingerprint, fingerprint, StringComparison.Ordinal))
                return plan;
        }

        return null;
    }
}
