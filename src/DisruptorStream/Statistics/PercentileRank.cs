namespace DisruptorStream.Statistics;

/// <summary>Which of n ascending values is a percentile.</summary>
internal static class PercentileRank
{
    // Less than this relative to a whole rank is the rounding of p / 100 × n, such as 99.9 / 100 × 1000.
    private const double Rounding = 1e-14;

    /// <summary>The rank, counted from 0: that of ceil(percentile / 100 × count), counted from 1.</summary>
    public static long Of(double percentile, long count)
    {
        var exact = percentile * count / 100;
        var nearest = Math.Round(exact);
        var rank = Math.Abs(exact - nearest) <= nearest * Rounding ? (long)nearest : (long)Math.Ceiling(exact);
        return Math.Clamp(rank - 1, 0, count - 1);
    }
}
