using System.Text.Json.Serialization;

namespace DisruptorStream.ClusterCrash.Workloads;

/// <summary>A result of the second query, as far as it is looked at.</summary>
internal sealed record Region(
    [property: JsonPropertyName("number")] long Number,
    [property: JsonPropertyName("calls")] double Calls);
