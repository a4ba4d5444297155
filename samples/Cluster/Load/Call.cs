namespace Cluster.Load;

/// <summary>A call of a tenant, and what it cost.</summary>
internal sealed record Call(DateTimeOffset Time, string Tenant, double Cost);
