namespace LlmGateway;

/// <summary>What a client asks for.</summary>
internal sealed record CompletionRequest(string Model, string Prompt);
