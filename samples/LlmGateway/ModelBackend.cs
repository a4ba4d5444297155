namespace LlmGateway;

/// <summary>Stands in for the models: answers as long after the request, and as much, as a model would.</summary>
internal sealed class ModelBackend
{
    private static readonly Dictionary<string, (double Milliseconds, double Spread, int Tokens)> Models = new()
    {
        ["swift-7b"] = (60, 0.25, 120),
        ["atlas-70b"] = (180, 0.35, 260),
        ["deep-thought"] = (420, 0.45, 700),
    };

    private string? _slowModel;

    public static IReadOnlyCollection<string> Names => Models.Keys;

    /// <summary>The model that has an incident now, and takes several times as long; null for none.</summary>
    public string? SlowModel
    {
        get => Volatile.Read(ref _slowModel);
        set => Volatile.Write(ref _slowModel, value);
    }

    public static bool Has(string model) => Models.ContainsKey(model);

    public async Task<(string Text, long Tokens)> CompleteAsync(
        string model, string prompt, CancellationToken cancellationToken)
    {
        var (milliseconds, spread, tokens) = Models[model];

        // Log-normal, as the latencies of services are.
        var normal = Math.Sqrt(-2 * Math.Log(1 - Random.Shared.NextDouble()))
            * Math.Cos(2 * Math.PI * Random.Shared.NextDouble());
        var factor = Math.Exp(spread * normal) * (SlowModel == model ? 6 : 1);
        await Task.Delay(TimeSpan.FromMilliseconds(milliseconds * factor), cancellationToken);
        var count = (long)(tokens * (0.5 + Random.Shared.NextDouble()));
        return ($"{model} has thought about \"{prompt}\" and needs {count} tokens to say so.", count);
    }
}
