using Orleans.Placement;

namespace DisruptorStream.ClusterCrash.Nodes;

/// <inheritdoc/>
[HashBasedPlacement]
internal sealed class ProbeGrain : Grain, IProbeGrain
{
    public Task<int> WhereAsync() => Task.FromResult(Environment.ProcessId);
}
