namespace LlmGateway.Calls;

/// <summary>
/// One call of a model, as it is published: when it was over, who called, what it cost in dollars, and a status as of
/// HTTP.
/// </summary>
internal readonly record struct ModelCall(
    DateTimeOffset Time,
    string? Model,
    string? Tenant,
    string? User,
    double Milliseconds,
    long Tokens,
    double Cost,
    int Status);
