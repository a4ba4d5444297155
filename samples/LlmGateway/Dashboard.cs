using DisruptorStream.Emission;
using DisruptorStream.Emission.Monitoring;

namespace LlmGateway;

/// <summary>Keeps the last windows of each model for whoever looks.</summary>
internal sealed class Dashboard : IResultSink<string>
{
    private const int MostWindows = 120;

    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, List<WindowPoint>> _models = new(StringComparer.Ordinal);

    /// <summary>Called by the emitting thread, a batch at a time.</summary>
    public void OnResults(ResultBatch<string> batch)
    {
        lock (_gate)
        {
            foreach (var result in batch)
                Add(result);
        }
    }

    /// <summary>Called by the emitting thread after the window itself has come.</summary>
    public void OnScore(WindowScore<string> score)
    {
        lock (_gate)
        {
            if (!_models.TryGetValue(score.Key, out var points))
                return;
            points[^1] = points[^1] with
            {
                Score = double.IsFinite(score.Score.Score) ? score.Score.Score : null,
                IsAnomaly = score.Score.IsAnomaly,
            };
        }
    }

    public IReadOnlyList<object> Read()
    {
        lock (_gate)
        {
            return [.. _models.Select(model => new
            {
                Model = model.Key,
                Current = model.Value[^1],
                Windows = model.Value.ToArray(),
            })];
        }
    }

    private void Add(in WindowResult<string> result)
    {
        if (!_models.TryGetValue(result.Key, out var points))
            _models.Add(result.Key, points = []);
        points.Add(new WindowPoint(
            result.WindowEnd,
            result.GetInt64("calls"),
            result["tokens"] / (result.WindowEnd - result.WindowStart).TotalSeconds,
            result["p50"],
            result["p95"],
            result["p99"]));
        if (points.Count > MostWindows)
            points.RemoveAt(0);
    }
}
