using Orleans.Placement;

namespace DisruptorStream.Orleans.Placement;

/// <summary>Marks a grain that is placed so.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class PartitionPlacementAttribute : PlacementAttribute
{
    public PartitionPlacementAttribute()
        : base(new PartitionPlacement())
    {
    }
}
