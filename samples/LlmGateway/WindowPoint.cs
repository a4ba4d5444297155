namespace LlmGateway;

/// <summary>One window of a model, as the page shows it.</summary>
internal sealed record WindowPoint(
    DateTimeOffset End, long Calls, double TokensPerSecond, double P50, double P95, double P99)
{
    /// <summary>How many deviations the p95 is off the usual.</summary>
    /// <remarks>Null while nothing is known to compare with, and where all before was equal but this is not.</remarks>
    public double? Score { get; init; }

    public bool IsAnomaly { get; init; }
}
