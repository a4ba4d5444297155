namespace DisruptorStream.Cluster.Tests.Testing;

/// <summary>The events of the tests.</summary>
internal sealed record Call(string Tenant, long Ticks, double Cost);
