using Orleans.Runtime.Placement;

namespace DisruptorStream.Orleans.Placement;

/// <summary>Says on which silo a partition begins.</summary>
internal sealed class PartitionPlacementDirector : IPlacementDirector
{
    public Task<SiloAddress> OnAddActivation(
        PlacementStrategy strategy, PlacementTarget target, IPlacementContext context) =>
        Task.FromResult(SiloRanking.First(target.GrainIdentity.Key.ToString()!, context.GetCompatibleSilos(target)));
}
