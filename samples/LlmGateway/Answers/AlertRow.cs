using DisruptorStream.Emission.Records;

namespace LlmGateway.Answers;

/// <summary>
/// The p95 of a model beside the usual one of its last hour, in milliseconds, and how many times as much it is: null
/// while too little is known.
/// </summary>
[ResultRow]
internal readonly partial record struct AlertRow(
    [ResultKey] string Model, DateTimeOffset End, double Now, double Usual, double? Times);
