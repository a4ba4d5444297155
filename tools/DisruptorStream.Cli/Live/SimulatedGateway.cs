namespace DisruptorStream.Cli.Live;

/// <summary>An LLM gateway: calls at a steady rate, and now and then a model that is slow for some seconds.</summary>
/// <remarks>The same seed gives the same calls.</remarks>
internal sealed class SimulatedGateway
{
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(25);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(40);

    private static readonly (string Model, double Share, double MedianMilliseconds)[] Models =
    [
        ("small", 0.55, 220),
        ("large", 0.25, 1_400),
        ("vision", 0.12, 2_300),
        ("reasoning", 0.08, 9_000),
    ];

    private readonly Random _random;
    private readonly TimeSpan _interval;
    private DateTimeOffset _next;
    private DateTimeOffset _incidentStart;
    private DateTimeOffset _incidentEnd;
    private string _slowModel = "";

    /// <param name="callsPerSecond">How many calls come in.</param>
    /// <param name="start">When the first comes.</param>
    /// <param name="seed">Chooses the calls.</param>
    public SimulatedGateway(int callsPerSecond, DateTimeOffset start, int seed)
    {
        _random = new Random(seed);
        _interval = TimeSpan.FromSeconds(1) / callsPerSecond;
        _next = start;
        PlanIncident(start);
    }

    /// <summary>The calls that have come since this was asked last.</summary>
    public IEnumerable<GatewayCall> Until(DateTimeOffset now)
    {
        for (; _next <= now; _next += _interval)
        {
            var (model, _, median) = Choose();
            var milliseconds = median * Math.Exp(_random.NextDouble() + _random.NextDouble() - 1);
            if (_next >= _incidentEnd)
                PlanIncident(_next);
            if (_next >= _incidentStart && model == _slowModel)
                milliseconds *= 4;
            yield return new GatewayCall(model, _next, milliseconds);
        }
    }

    private void PlanIncident(DateTimeOffset from)
    {
        _incidentStart = from + Quiet + (_random.NextDouble() * (Longest - Quiet));
        _incidentEnd = _incidentStart + TimeSpan.FromSeconds(3);
        _slowModel = Models[_random.Next(Models.Length)].Model;
    }

    private (string Model, double Share, double MedianMilliseconds) Choose()
    {
        var place = _random.NextDouble();
        foreach (var model in Models)
        {
            place -= model.Share;
            if (place < 0)
                return model;
        }

        return Models[^1];
    }
}
