using System.Text.Json.Serialization;

namespace DisruptorStream.ClusterCrash.Workloads;

/// <summary>A result of the first query, as an event of the second.</summary>
internal sealed record Bill(
    [property: JsonPropertyName("key")] string Tenant,
    [property: JsonPropertyName("window_end")] DateTimeOffset End,
    [property: JsonPropertyName("calls")] long Calls,
    [property: JsonPropertyName("cost")] double Cost);
