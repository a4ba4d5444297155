using DisruptorStream.Emission;
using DisruptorStream.Statistics;

namespace DisruptorStream.Cli.Live;

/// <summary>Keeps the newest window of each key, and judges whether its latency is unusual.</summary>
internal sealed class LiveBoard : IResultSink<string>
{
    private const double Threshold = 4;
    private const int WarmUpWindows = 12;

    private readonly SortedDictionary<string, BoardRow> _rows = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ZScoreAnomalyDetector> _detectors = new(StringComparer.Ordinal);

    /// <summary>A row for each key, by name.</summary>
    public IReadOnlyCollection<BoardRow> Rows => _rows.Values;

    /// <summary>The windows that have been taken in.</summary>
    public long Windows { get; private set; }

    public void OnResults(ResultBatch<string> batch)
    {
        foreach (var result in batch)
        {
            Windows++;
            if (!_detectors.TryGetValue(result.Key, out var detector))
                _detectors[result.Key] = detector = new ZScoreAnomalyDetector(Threshold, WarmUpWindows);
            var score = detector.Observe(result["p95"]);
            var before = _rows.TryGetValue(result.Key, out var row) ? row.Anomalies : 0;
            _rows[result.Key] = new BoardRow(
                result.Key,
                result.WindowEnd,
                result["calls"],
                result["rate"],
                result["p50"],
                result["p95"],
                result["p99"],
                score,
                before + (score.IsAnomaly ? 1 : 0));
        }
    }
}
