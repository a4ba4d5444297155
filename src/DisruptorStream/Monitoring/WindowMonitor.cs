using DisruptorStream.Emission;
using DisruptorStream.Statistics;
using DisruptorStream.Windows;

namespace DisruptorStream.Monitoring;

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
    private readonly Action<WindowScore<TKey>> _onScore;
    private readonly WindowMonitorOptions _options;
    private readonly WindowStatistic<TKey, History> _histories;

    /// <param name="metric">The name of the metric that is compared.</param>
    /// <param name="onScore">
    /// Called for each on-time pane, on the emitting thread. What it throws is the sink's failure.
    /// </param>
    /// <param name="options">How windows are judged; null for the defaults.</param>
    /// <exception cref="ArgumentException">The metric has no name, or the options contradict each other.</exception>
    public WindowMonitor(string metric, Action<WindowScore<TKey>> onScore, WindowMonitorOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(onScore);
        _onScore = onScore;
        _options = options ?? new WindowMonitorOptions();
        if (_options.RobustWindow > 0 && _options.RobustWindow < Math.Max(3, _options.WarmUp))
        {
            throw new ArgumentException(
                $"A robust window of {_options.RobustWindow} can never hold the warm-up of {_options.WarmUp} windows; "
                + "make it as large, and at least 3.",
                nameof(options));
        }

        _histories = new(metric, () => new History(_options), Score, _options.MaxKeys);
    }

    /// <summary>How many keys are remembered.</summary>
    public int KeyCount => _histories.KeyCount;

    /// <inheritdoc/>
    public void OnResults(ResultBatch<TKey> batch) => _histories.OnResults(batch);

    private void Score(ref History history, in WindowResult<TKey> result, double value) =>
        _onScore(history.Score(result.Key, result.Window, value));

    private sealed class History
    {
        private readonly ZScoreAnomalyDetector? _scores;
        private readonly RobustAnomalyDetector? _robust;
        private readonly ExponentialMovingAverage _average;

        public History(WindowMonitorOptions options)
        {
            _average = ExponentialMovingAverage.FromSpan(options.AverageSpan);
            if (options.RobustWindow > 0)
                _robust = new RobustAnomalyDetector(options.RobustWindow, options.Threshold, options.WarmUp);
            else
                _scores = new ZScoreAnomalyDetector(options.Threshold, options.WarmUp);
        }

        public WindowScore<TKey> Score(TKey key, TimeWindow window, double value)
        {
            _average.Add(value);
            var score = _robust is null ? _scores!.Observe(value) : _robust.Observe(value);
            return new WindowScore<TKey>(key, window, value, score, _average.Value);
        }
    }
}
