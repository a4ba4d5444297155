namespace DisruptorStream.Orleans.Placement;

/// <summary>Each partition is placed by a hash of its key: <see cref="SiloRanking"/>.</summary>
[Serializable]
internal sealed class PartitionPlacement : PlacementStrategy
{
}
