using System.Globalization;
using DisruptorStream.Cluster;

namespace DisruptorStream.Orleans.Hosting;

/// <summary>A query that the cluster runs.</summary>
/// <param name="Name">Its name among those of the cluster.</param>
/// <param name="Partitions">How many partitions it has.</param>
/// <param name="NewOwner">Makes an owner of one.</param>
/// <param name="NewStandby">Makes a standby of one.</param>
/// <param name="CreateTopicsAsync">Makes the topics.</param>
/// <param name="Options">How it is placed.</param>
internal sealed record PlacedQuery(
    string Name,
    int Partitions,
    Func<int, PartitionOwner> NewOwner,
    Func<int, PartitionOwner> NewStandby,
    Func<CancellationToken, Task> CreateTopicsAsync,
    PlacementOptions Options)
{
    /// <summary>The key of a partition.</summary>
    public string KeyOf(int partition) => string.Create(CultureInfo.InvariantCulture, $"{Name}/{partition}");
}
