namespace DisruptorStream.Statistics;

/// <summary>How far a value lay from what came before it.</summary>
/// <param name="Score">
/// In standard deviations, or in scaled median deviations; NaN while too little is known, infinite where all values
/// before were equal and this one is not.
/// </param>
/// <param name="IsAnomaly">Whether the score, of either sign, is above the threshold.</param>
/// <param name="Center">The mean, or the median, of the values before; NaN while there are none.</param>
/// <param name="Deviation">What the distance was divided by.</param>
public readonly record struct AnomalyScore(double Score, bool IsAnomaly, double Center, double Deviation)
{
    /// <param name="distance">The value minus the centre, which may be known better than the centre itself.</param>
    /// <param name="center">The mean or the median.</param>
    /// <param name="deviation">What the distance is divided by.</param>
    /// <param name="threshold">Above which score it is an anomaly.</param>
    internal static AnomalyScore Of(double distance, double center, double deviation, double threshold)
    {
        // 0 / 0 where nothing varies and the value does not either: no distance.
        var score = distance == 0 ? 0 : distance / deviation;
        return new AnomalyScore(score, Math.Abs(score) > threshold, center, deviation);
    }
}
