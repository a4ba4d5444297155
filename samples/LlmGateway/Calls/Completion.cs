namespace LlmGateway.Calls;

/// <summary>What a client gets; without a text where the model has failed.</summary>
internal sealed record Completion(
    string Model, string? Text, long Tokens, double Cost, double Milliseconds, int Status);
