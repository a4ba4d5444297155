namespace DisruptorStream.ClusterCrash.Nodes;

/// <summary>A grain that does nothing: placed as fast as Orleans can.</summary>
internal interface IProbeGrain : IGrainWithIntegerKey
{
    /// <summary>The process that it is in.</summary>
    Task<int> WhereAsync();
}
