using Orleans.Runtime.Placement;

namespace DisruptorStream.Orleans.Placement;

/// <summary>Says on which silo a partition begins.</summary>
internal sealed class PartitionPlacementDirector : IPlacementDirector
{
    private readonly RefusingSilos _refusing;

    public PartitionPlacementDirector(RefusingSilos refusing) => _refusing = refusing;

    public Task<SiloAddress> OnAddActivation(
        PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var partition = target.GrainIdentity.Key.ToString()!;
        var all = context.GetCompatibleSilos(target);
        if (IPlacementDirector.GetPlacementHint(target.RequestContextData, all) is { } wanted)
            return Task.FromResult(wanted);
        var silos = _refusing.LeaveOut(partition, all);
        return Task.FromResult(SiloRanking.First(partition, silos));
    }
}
