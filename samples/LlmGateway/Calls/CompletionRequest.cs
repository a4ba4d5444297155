namespace LlmGateway.Calls;

/// <summary>What a client asks for; null is what it has left out.</summary>
internal sealed record CompletionRequest(string? Model, string? Prompt, string? Tenant, string? User);
