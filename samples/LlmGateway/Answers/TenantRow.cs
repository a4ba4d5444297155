using DisruptorStream.Emission.Records;

namespace LlmGateway.Answers;

/// <summary>What a tenant has used, in tokens and dollars; the window says in which span of time.</summary>
[ResultRow]
internal readonly partial record struct TenantRow(
    [ResultKey] string Tenant, DateTimeOffset Start, DateTimeOffset End, long Calls, long Tokens, double Cost)
{
    public double Minutes => (End - Start).TotalMinutes;
}
