namespace DisruptorStream.ClusterCrash.Nodes;

/// <summary>Who says which partitions a node runs.</summary>
internal enum NodeScheduler
{
    /// <summary>A cluster of Orleans: each partition on one node, but for its errors.</summary>
    Orleans,

    /// <summary>None: each node runs all partitions, always. So each has several owners all the time.</summary>
    Everything,
}
