namespace DisruptorStream.Statistics;

/// <summary>Scores each value by its distance from the median of the last ones, in scaled median deviations.</summary>
/// <remarks>
/// The modified z-score of Iglewicz and Hoaglin, "How to detect and handle outliers" (1993): 0.6745 × (value - median)
/// / median absolute deviation. Up to half of the values may be wild without moving it. O(log² n) for each value; no
/// allocation after it was made. One thread at a time.
/// </remarks>
public sealed class RobustAnomalyDetector
{
    private const double Scale = 0.6745;

    private readonly SlidingWindowStats _recent;
    private readonly double _threshold;
    private readonly int _warmUp;

    /// <param name="window">Of how many values the median is taken: 3 to 1,000,000. Default 100.</param>
    /// <param name="threshold">From which score on a value is an anomaly: above 0. Default 3.5.</param>
    /// <param name="warmUp">How many values are learned before one is judged: 2 to the window. Default 20.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
    public RobustAnomalyDetector(int window = 100, double threshold = 3.5, int warmUp = 20)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(window, 3);
        StatisticsGuard.ThrowUnlessThreshold(threshold);
        ArgumentOutOfRangeException.ThrowIfLessThan(warmUp, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(warmUp, window);
        _recent = new SlidingWindowStats(window);
        _threshold = threshold;
        _warmUp = warmUp;
    }

    /// <summary>How many values the median is taken of now.</summary>
    public int Count => _recent.Count;

    /// <summary>Judges a value by the last ones before it, and then learns it.</summary>
    /// <param name="value">A finite number.</param>
    /// <exception cref="ArgumentOutOfRangeException">The value is NaN or infinite.</exception>
    public AnomalyScore Observe(double value)
    {
        StatisticsGuard.ThrowUnlessFinite(value);
        var median = _recent.Percentile(50);
        var score = _recent.Count < _warmUp ? double.NaN : ScoreOf(value, median);
        var deviation = _recent.MedianDeviationFrom(median) / Scale;
        _recent.Add(value);
        return AnomalyScore.Of(score, median, deviation, _threshold);
    }

    private double ScoreOf(double value, double median)
    {
        // The difference of two doubles may be too large for a double; that of their quarters is not.
        var unit = double.IsInfinity(value - median) || double.IsInfinity(_recent.Max - _recent.Min) ? 0.25 : 1;
        var distance = (value * unit) - (median * unit);
        return distance == 0 ? 0 : distance / _recent.MedianDeviationFrom(median, unit) * Scale;
    }
}
