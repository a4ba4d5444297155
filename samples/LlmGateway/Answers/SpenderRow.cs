using System.Text.Json.Serialization;
using DisruptorStream.Emission.Records;

namespace LlmGateway.Answers;

/// <summary>One of the dearest users of a tenant: its rank there, from 1, and the cost in dollars.</summary>
[ResultRow]
internal readonly partial record struct SpenderRow(
    [property: JsonIgnore] (string Tenant, string User) Key, DateTimeOffset End, int Rank, long Calls, double Cost)
{
    public string Tenant => Key.Tenant;

    public string User => Key.User;
}
