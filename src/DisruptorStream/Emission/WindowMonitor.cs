using DisruptorStream.Statistics;
using DisruptorStream.Windows;

namespace DisruptorStream.Emission;

/// <summary>
/// Compares a metric of each window with the key's windows before it: "flag a window whose p95 is 3 sigma off".
/// </summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <remarks>
/// A sink like any other. On-time panes count, each window once; failed windows and values that are not finite are left
/// out. What is an anomaly is not learned when means are compared, and is when medians are. Called by the emitting
/// thread; it allocates when a key is new.
/// </remarks>
public sealed class WindowMonitor<TKey> : IResultSink<TKey>
    where TKey : notnull
{
    private readonly string _metric;
    private readonly Action<WindowScore<TKey>> _onScore;
    private readonly WindowMonitorOptions _options;
    private readonly Dictionary<TKey, LinkedListNode<History>> _histories = [];
    private readonly LinkedList<History> _bySeen = new();

    /// <param name="metric">The name of the metric that is compared.</param>
    /// <param name="onScore">
    /// Called for each on-time pane, on the emitting thread. What it throws is the sink's failure.
    /// </param>
    /// <param name="options">How windows are judged; null for the defaults.</param>
    /// <exception cref="ArgumentException">The metric has no name, or the options contradict each other.</exception>
    public WindowMonitor(string metric, Action<WindowScore<TKey>> onScore, WindowMonitorOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(metric);
        ArgumentNullException.ThrowIfNull(onScore);
        _metric = metric;
        _onScore = onScore;
        _options = options ?? new WindowMonitorOptions();
        if (_options.RobustWindow > 0 && _options.RobustWindow < Math.Max(3, _options.WarmUp))
        {
            throw new ArgumentException(
                $"A robust window of {_options.RobustWindow} can never hold the warm-up of {_options.WarmUp} windows; "
                + "make it as large, and at least 3.",
                nameof(options));
        }
    }

    /// <summary>How many keys are remembered.</summary>
    public int KeyCount => _histories.Count;

    /// <inheritdoc/>
    public void OnResults(ResultBatch<TKey> batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        foreach (var result in batch)
        {
            if (result.Timing != PaneTiming.OnTime || result.IsFailed)
                continue;

            var value = result[_metric];
            if (double.IsFinite(value))
                _onScore(HistoryOf(result.Key).Score(result.Window, value));
        }
    }

    private History HistoryOf(TKey key)
    {
        if (_histories.TryGetValue(key, out var node))
        {
            _bySeen.Remove(node);
            _bySeen.AddLast(node);
            return node.Value;
        }

        if (_histories.Count == _options.MaxKeys)
        {
            _histories.Remove(_bySeen.First!.Value.Key);
            _bySeen.RemoveFirst();
        }

        node = _bySeen.AddLast(new History(key, _options));
        _histories.Add(key, node);
        return node.Value;
    }

    private sealed class History
    {
        private readonly ZScoreAnomalyDetector? _scores;
        private readonly RobustAnomalyDetector? _robust;
        private readonly ExponentialMovingAverage _average;

        public History(TKey key, WindowMonitorOptions options)
        {
            Key = key;
            _average = ExponentialMovingAverage.FromSpan(options.AverageSpan);
            if (options.RobustWindow > 0)
                _robust = new RobustAnomalyDetector(options.RobustWindow, options.Threshold, options.WarmUp);
            else
                _scores = new ZScoreAnomalyDetector(options.Threshold, options.WarmUp);
        }

        public TKey Key { get; }

        public WindowScore<TKey> Score(TimeWindow window, double value)
        {
            _average.Add(value);
            var score = _robust is null ? _scores!.Observe(value) : _robust.Observe(value);
            return new WindowScore<TKey>(Key, window, value, score, _average.Value);
        }
    }
}
