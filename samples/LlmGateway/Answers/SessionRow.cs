using System.Text.Json.Serialization;
using DisruptorStream.Emission.Records;
using DisruptorStream.Windows;

namespace LlmGateway.Answers;

/// <summary>
/// The newest session of a user, in tokens and dollars. It ends 20 seconds after its last call; until then it is open.
/// </summary>
[ResultRow]
internal readonly partial record struct SessionRow(
    [property: JsonIgnore] (string Tenant, string User) Key,
    DateTimeOffset Start,
    DateTimeOffset End,
    [property: JsonIgnore] PaneTiming Timing,
    long Calls,
    long Tokens,
    double Cost)
{
    public string Tenant => Key.Tenant;

    public string User => Key.User;

    public bool IsOpen => Timing == PaneTiming.Early;
}
