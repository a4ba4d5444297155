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
    /// <param name="score">The value minus the centre, in deviations.</param>
    /// <param name="center">The mean or the median.</param>
    /// <param name="deviation">What the distance was divided by.</param>
    /// <param name="threshold">Above which score it is an anomaly.</param>
    internal static AnomalyScore Of(double score, double center, double deviation, double threshold) =>
        new(score, Math.Abs(score) > threshold, center, deviation);
}
