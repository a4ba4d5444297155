using System.Text.Json.Serialization;

namespace DisruptorStream.Cluster.Tests.Testing;

/// <summary>What a partition of the tests has left out, as the log has it.</summary>
internal sealed record Drop(
    [property: JsonPropertyName("query")] string Query,
    [property: JsonPropertyName("partition")] int Partition,
    [property: JsonPropertyName("input")] string Input,
    [property: JsonPropertyName("position")] long Position,
    [property: JsonPropertyName("index")] int Index,
    [property: JsonPropertyName("reason")] string Reason,
    [property: JsonPropertyName("message")] string? Message = null,
    [property: JsonPropertyName("key")] string? Key = null,
    [property: JsonPropertyName("ticks")] long? Ticks = null,
    [property: JsonPropertyName("time")] DateTimeOffset? Time = null,
    [property: JsonPropertyName("cost")] double? Cost = null);
