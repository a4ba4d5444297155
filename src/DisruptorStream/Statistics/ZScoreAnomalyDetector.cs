namespace DisruptorStream.Statistics;

/// <summary>Scores each value by its distance from the mean of those before it, in standard deviations.</summary>
/// <remarks>
/// Over all values (<see cref="OnlineVariance"/>), in O(1) and without keeping them. A few wild values widen what is
/// normal; <see cref="RobustAnomalyDetector"/> does not mind them. One thread at a time.
/// </remarks>
public sealed class ZScoreAnomalyDetector
{
    private readonly double _threshold;
    private readonly int _warmUp;
    private readonly bool _learnsAnomalies;
    private OnlineVariance _seen;

    /// <param name="threshold">From how many standard deviations on a value is an anomaly: above 0. Default 3.</param>
    /// <param name="warmUp">How many values are learned before one is judged: 2 or more. Default 30.</param>
    /// <param name="learnsAnomalies">Whether values that are anomalies count for those that follow. Default no.</param>
    /// <exception cref="ArgumentOutOfRangeException">The threshold or the warm-up is out of its range.</exception>
    public ZScoreAnomalyDetector(double threshold = 3, int warmUp = 30, bool learnsAnomalies = false)
    {
        StatisticsGuard.ThrowUnlessThreshold(threshold);
        ArgumentOutOfRangeException.ThrowIfLessThan(warmUp, 2);
        _threshold = threshold;
        _warmUp = warmUp;
        _learnsAnomalies = learnsAnomalies;
    }

    /// <summary>How many values have been learned.</summary>
    public long Count => _seen.Count;

    /// <summary>Judges a value by those before it, and then learns it.</summary>
    /// <param name="value">A finite number.</param>
    /// <exception cref="ArgumentOutOfRangeException">The value is NaN or infinite.</exception>
    public AnomalyScore Observe(double value)
    {
        StatisticsGuard.ThrowUnlessFinite(value);
        var score = _seen.Count < _warmUp
            ? new AnomalyScore(double.NaN, false, _seen.Mean, _seen.StandardDeviation)
            : AnomalyScore.Of(_seen.ScoreOf(value), _seen.Mean, _seen.StandardDeviation, _threshold);
        if (!score.IsAnomaly || _learnsAnomalies)
            _seen.Add(value);
        return score;
    }
}
