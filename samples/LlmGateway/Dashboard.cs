using DisruptorStream.Emission;
using DisruptorStream.Monitoring;

namespace LlmGateway;

/// <summary>Keeps the last windows of each model for whoever looks.</summary>
internal sealed class Dashboard : IResultSink<string>
{
    private const int MostWindows = 120;

    private static readonly TimeSpan Stale = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, List<WindowPoint>> _models = new(StringComparer.Ordinal);
    private readonly TimeProvider _clock;

    public Dashboard(TimeProvider clock) => _clock = clock;

    /// <summary>Called by the emitting thread, a batch at a time.</summary>
    public void OnResults(ResultBatch<string> batch)
    {
        lock (_gate)
        {
            foreach (var result in batch)
                Add(result);
        }
    }

    /// <summary>Called by the emitting thread after the batch of the window itself has come.</summary>
    public void OnScore(WindowScore<string> score)
    {
        lock (_gate)
        {
            if (!_models.TryGetValue(score.Key, out var points))
                return;

            // Not always the last: a batch may have several windows of a model.
            var end = DateTimeOffset.UnixEpoch.AddTicks(score.Window.EndTicks);
            var index = points.FindLastIndex(point => point.End == end);
            if (index < 0)
                return;
            points[index] = points[index] with
            {
                Score = double.IsFinite(score.Score.Score) ? score.Score.Score : null,
                IsAnomaly = score.Score.IsAnomaly,
            };
        }
    }

    public IReadOnlyList<object> Read()
    {
        var now = _clock.GetUtcNow();
        lock (_gate)
        {
            return [.. _models.Select(model => new
            {
                Model = model.Key,
                IsStale = now - model.Value[^1].End > Stale,
                Current = model.Value[^1],
                Windows = model.Value.ToArray(),
            })];
        }
    }

    private void Add(in WindowResult<string> result)
    {
        if (result.IsFailed)
            return;
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
