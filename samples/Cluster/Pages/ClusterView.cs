using System.Text.Json;

namespace Cluster.Pages;

/// <summary>What the page shows.</summary>
/// <param name="Silos">The silos.</param>
/// <param name="Partitions">What a silo says of all partitions; null where none answers.</param>
/// <param name="Written">How many calls were written.</param>
internal sealed record ClusterView(IReadOnlyList<SiloView> Silos, JsonElement? Partitions, long Written);
