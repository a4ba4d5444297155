namespace LlmGateway;

/// <summary>What a client gets.</summary>
internal sealed record Completion(string Model, string Text, long Tokens, double Milliseconds);
