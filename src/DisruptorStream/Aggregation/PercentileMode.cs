using System.Globalization;

namespace DisruptorStream.Aggregation;

/// <summary>How the values behind percentiles are kept. Percentiles of a measure with equal modes share them.</summary>
/// <remarks>
/// The percentile p of n values is the value of rank ceil(p / 100 × n), counted from 1 in ascending order, and the
/// smallest one for p = 0: always a value that occurred, never an interpolation.
/// </remarks>
public sealed record PercentileMode
{
    private PercentileMode(double relativeError, int maxValues)
    {
        RelativeError = relativeError;
        MaxValues = maxValues;
    }

    /// <summary>A sketch with a relative error of 1 %: the default.</summary>
    public static PercentileMode Default { get; } = Sketch(0.01);

    /// <summary>Every value is kept, up to 4,096 for each key and window; one more fails that window.</summary>
    public static PercentileMode Exact { get; } = ExactUpTo(4096);

    /// <summary>The most by which a percentile is off, relative to the true one; 0 for an exact one.</summary>
    public double RelativeError { get; }

    /// <summary>The most values of a key and window, for an exact mode; 0 for a sketch.</summary>
    public int MaxValues { get; }

    internal bool IsExact => MaxValues > 0;

    /// <summary>
    /// A DDSketch (Masson, Rim and Lee, VLDB 2019): buckets of 8 bytes for either sign, grown with the data, at most
    /// 2,048 from an error of 0.01 on, 32,768 at 0.001 and 262,144 at 0.0001. The first 128 values of a key and window
    /// are kept as they are, and are exact.
    /// </summary>
    /// <param name="relativeError">0.0001 to 0.5, such as 0.01 for one percent.</param>
    /// <remarks>
    /// <para>The error is kept, whatever it is, for magnitudes within a factor of 10^17 of the largest one of their
    /// sign. Smaller ones are counted together, as the smallest magnitude that the buckets still tell apart:
    /// percentiles there are too far from zero, all others keep the promise. Magnitudes below 2.2e-308 count as
    /// zero.</para>
    /// <para>Updating and merging are O(1) and O(buckets); the sketch is the same in whatever order and grouping the
    /// values came.</para>
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The error is out of its range.</exception>
    public static PercentileMode Sketch(double relativeError)
    {
        if (!(relativeError is >= 0.0001 and <= 0.5))
        {
            throw new ArgumentOutOfRangeException(
                nameof(relativeError),
                relativeError,
                $"The relative error of a sketch is 0.0001 to 0.5, so that magnitudes may differ by a factor of 10^17; "
                + $"it was {relativeError.ToString(CultureInfo.InvariantCulture)}.");
        }

        return new PercentileMode(relativeError, 0);
    }

    /// <summary>Every value is kept; a window with more for one key fails and says so.</summary>
    /// <param name="maxValues">The most values of one key and window, 1 to 32,768; 8 bytes each.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is out of its range.</exception>
    public static PercentileMode ExactUpTo(int maxValues)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxValues, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxValues, 32_768);
        return new PercentileMode(0, maxValues);
    }

    /// <summary>The mode in words.</summary>
    public override string ToString() => IsExact
        ? string.Create(CultureInfo.InvariantCulture, $"exact up to {MaxValues}")
        : string.Create(CultureInfo.InvariantCulture, $"within {(decimal)RelativeError:0.############%}");
}
