namespace Cluster.Pages;

/// <summary>A silo on the page.</summary>
/// <param name="Number">From 1 on.</param>
/// <param name="IsAlive">Whether its process is there.</param>
/// <param name="ProcessId">Its process; 0 for none.</param>
/// <param name="Port">The port by which its address can be told among those of the partitions; 0 for none.</param>
internal sealed record SiloView(int Number, bool IsAlive, int ProcessId, int Port);
