using DisruptorStream.Emission.Records;

namespace LlmGateway.Answers;

/// <summary>
/// A p95 of a model that is much above the average one of the hour before, in milliseconds, and how many times as much.
/// </summary>
[ResultRow]
internal readonly partial record struct AlertRow(
    [ResultKey] string Model, DateTimeOffset End, double P95, double Usual, double Times);
