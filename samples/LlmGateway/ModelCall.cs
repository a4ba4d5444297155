namespace LlmGateway;

/// <summary>One call of a model, as it is published.</summary>
internal readonly record struct ModelCall(string Model, DateTimeOffset Completed, double Milliseconds, long Tokens);
