namespace DisruptorStream.ClusterCrash.Workloads;

/// <summary>An event of the first query.</summary>
internal sealed record Call(string Tenant, long Ticks, double Cost);
