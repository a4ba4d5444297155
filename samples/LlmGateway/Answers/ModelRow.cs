using DisruptorStream.Emission.Records;

namespace LlmGateway.Answers;

/// <summary>How fast a model is; latencies are in milliseconds.</summary>
[ResultRow]
internal readonly partial record struct ModelRow(
    [ResultKey] string Model,
    DateTimeOffset End,
    long Calls,
    [Metric("latency_p50")] double P50,
    [Metric("latency_p95")] double P95,
    [Metric("latency_p99")] double P99);
