namespace DisruptorStream.LoadTests.Pairs;

/// <summary>The median of a sample, and bounds that hold the median of what it was drawn from.</summary>
/// <remarks>
/// The bounds are order statistics, so that nothing is assumed about the distribution: of n values the k-th smallest
/// and the k-th largest, with the largest k for which they hold the true median in at least 95 % of all samples. It is
/// below the k-th smallest value when fewer than k of n throws of a fair coin are heads; so for the other end. Source:
/// H. A. David and H. N. Nagaraja, Order Statistics, 3rd edition, Wiley 2003, section 7.1.
/// </remarks>
internal readonly record struct MedianInterval(double Median, double Low, double High)
{
    /// <summary>With five values even the smallest and the largest miss the median in 6 % of all samples.</summary>
    public const int FewestValues = 6;

    /// <summary>A thousand halvings are still far from the smallest number that a double can tell.</summary>
    public const int MostValues = 1000;

    private const double MostMisses = 0.05;

    /// <exception cref="ArgumentOutOfRangeException">
    /// There are less than <see cref="FewestValues"/> values, or more than <see cref="MostValues"/>.
    /// </exception>
    public static MedianInterval Of(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        var rank = RankOf(sorted.Length);
        return new MedianInterval(MedianOf(sorted), sorted[rank - 1], sorted[^rank]);
    }

    /// <summary>The k above, from 1.</summary>
    public static int RankOf(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, FewestValues);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MostValues);
        var rank = 0;
        var exactly = Math.Pow(0.5, count);
        for (var misses = 2 * exactly; misses <= MostMisses; misses += 2 * exactly)
        {
            rank++;
            exactly *= (double)(count - rank + 1) / rank;
        }

        return rank;
    }

    public static double MedianOf(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
