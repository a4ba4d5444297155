namespace LlmGateway.Demo;

/// <summary>Stands in for the models: answers as long after the request, and as much, as a model would.</summary>
internal sealed class ModelBackend
{
    private static readonly Dictionary<string, Model> Models = new()
    {
        ["swift-7b"] = new(60, 0.25, 120, 0.0002),
        ["atlas-70b"] = new(180, 0.35, 260, 0.0009),
        ["deep-thought"] = new(420, 0.45, 700, 0.006),
    };

    private readonly TimeProvider _clock;
    private string? _slowModel;

    public ModelBackend(TimeProvider clock) => _clock = clock;

    public static IReadOnlyCollection<string> Names => Models.Keys;

    /// <summary>The model that has an incident now, is several times as slow and often fails; null for none.</summary>
    public string? SlowModel
    {
        get => Volatile.Read(ref _slowModel);
        set => Volatile.Write(ref _slowModel, value);
    }

    public static bool Has(string model) => Models.ContainsKey(model);

    public async Task<Answer> CompleteAsync(string name, string prompt, CancellationToken cancellationToken)
    {
        var model = Models[name];
        var isSlow = SlowModel == name;

        // Log-normal, as the latencies of services are.
        var normal = Math.Sqrt(-2 * Math.Log(1 - Random.Shared.NextDouble()))
            * Math.Cos(2 * Math.PI * Random.Shared.NextDouble());
        var milliseconds = model.Milliseconds * Math.Exp(model.Spread * normal) * (isSlow ? 6 : 1);
        await Task.Delay(TimeSpan.FromMilliseconds(milliseconds), _clock, cancellationToken);
        if (Random.Shared.NextDouble() < (isSlow ? 0.3 : 0.01))
            return new Answer(null, 0, 0, StatusCodes.Status503ServiceUnavailable);
        var tokens = (long)(model.Tokens * (0.5 + Random.Shared.NextDouble()));
        return new Answer(
            $"{name} has thought about \"{prompt}\" and needs {tokens} tokens to say so.",
            tokens,
            tokens * model.DollarsPerThousandTokens / 1000,
            StatusCodes.Status200OK);
    }

    /// <summary>What a model answers, what it costs in dollars, and how that went.</summary>
    internal readonly record struct Answer(string? Text, long Tokens, double Cost, int Status);

    private sealed record Model(double Milliseconds, double Spread, int Tokens, double DollarsPerThousandTokens);
}
