using System.Text.Json.Serialization;

namespace DisruptorStream.Cluster.Tests.Testing;

/// <summary>A result of the query of the tests, as the log has it.</summary>
internal sealed record Bill(
    [property: JsonPropertyName("number")] long Number,
    [property: JsonPropertyName("key")] string Tenant,
    [property: JsonPropertyName("window_end")] DateTimeOffset End,
    [property: JsonPropertyName("timing")] string Timing,
    [property: JsonPropertyName("calls")] long Calls,
    [property: JsonPropertyName("cost")] double Cost,
    [property: JsonPropertyName("dearest")] double? Dearest = null);
