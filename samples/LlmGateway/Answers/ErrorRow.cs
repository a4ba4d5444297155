using DisruptorStream.Emission.Records;

namespace LlmGateway.Answers;

/// <summary>How often a model fails; the rate is from 0 to 1.</summary>
[ResultRow]
internal readonly partial record struct ErrorRow(
    [ResultKey] string Model, DateTimeOffset End, long Calls, long Errors, double ErrorRate);
