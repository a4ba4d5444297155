namespace DisruptorStream.Statistics;

/// <summary>
/// The sums of the differences from an origin and of their squares, in doubled precision and scaled by a power of two.
/// </summary>
/// <remarks>
/// Who has it keeps the origin, which is one of the values, and the count: so the squares about the mean are not much
/// smaller than those about the origin, and nothing cancels. The default value is that of no value.
/// </remarks>
internal struct SpreadSums
{
    private MagnitudeScale _scale;
    private DoubleDouble _sum;
    private DoubleDouble _squares;

    /// <summary>Takes a value in.</summary>
    /// <param name="difference">The value less the origin.</param>
    /// <param name="value">The value, rounded to a double.</param>
    /// <param name="origin">The origin, rounded to a double.</param>
    public void Add(DoubleDouble difference, double value, double origin)
    {
        difference = Scale(difference, value, origin);
        _sum += difference;
        _squares += difference * difference;
    }

    /// <summary>Takes other sums in.</summary>
    /// <param name="other">The other sums.</param>
    /// <param name="count">How many values those are of.</param>
    /// <param name="by">The other origin less this one.</param>
    /// <param name="otherOrigin">The other origin, rounded to a double.</param>
    /// <param name="origin">This origin, rounded to a double.</param>
    public void Merge(SpreadSums other, double count, DoubleDouble by, double otherOrigin, double origin)
    {
        MoveTo(MagnitudeScale.Larger(_scale, other._scale));
        by = Scale(by, otherOrigin, origin);
        other.MoveTo(_scale);
        var moved = count * by;
        _squares += other._squares + (by * (other._sum + other._sum + moved));
        _sum += other._sum + moved;
    }

    /// <summary>The mean of the values.</summary>
    public readonly double Mean(double origin, double count)
    {
        var difference = _sum / count;
        var mean = (new DoubleDouble(origin, 0) + _scale.Restore(difference)).ToDouble();
        if (double.IsFinite(mean))
            return mean;

        // The mean lies among the values, though its difference from one of them may be too large for a double.
        return 4 * (new DoubleDouble(origin / 4, 0) + _scale.Restore(difference.Scale(0.25))).ToDouble();
    }

    /// <summary>Whether not all values are equal.</summary>
    public readonly bool HasSpread(double count) => Squares(count) > 0;

    /// <summary>The sum of the squares about the mean over a divisor; NaN where a double does not hold it.</summary>
    public readonly double Variance(double count, double divisor) =>
        _scale.RestoreVariance(Squares(count) / divisor);

    /// <summary>The square root of the variance; NaN where a double does not hold it.</summary>
    public readonly double Deviation(double count, double divisor) =>
        _scale.RestoreDeviation(Math.Sqrt(Squares(count) / divisor));

    /// <summary>
    /// How many sample deviations a value lies above the mean. Where all values are equal: 0 for one more of them, and
    /// infinite for another value.
    /// </summary>
    /// <param name="difference">The value less the origin.</param>
    /// <param name="value">The value, rounded to a double.</param>
    /// <param name="origin">The origin, rounded to a double.</param>
    /// <param name="count">How many values the sums are of.</param>
    public readonly double ScoreOf(DoubleDouble difference, double value, double origin, double count)
    {
        var sums = this;
        var distance = (sums.Scale(difference, value, origin) - (sums._sum / count)).ToDouble();
        return distance == 0 ? 0 : distance / Math.Sqrt(sums.Squares(count) / (count - 1));
    }

    /// <summary>The difference in the scale of the sums, which grows for it where it has to.</summary>
    private DoubleDouble Scale(DoubleDouble difference, double value, double origin)
    {
        if (_scale.IsPlain(difference))
            return difference;
        var scale = _scale;
        difference = scale.Scale(difference, value, origin);
        MoveTo(scale);
        return difference;
    }

    private void MoveTo(MagnitudeScale scale)
    {
        var exponent = _scale.ExponentTo(scale);
        _scale = scale;
        if (exponent == 0)
            return;
        _sum = _sum.ScaleB(exponent);
        _squares = _squares.ScaleB(2 * exponent);
    }

    private readonly double Squares(double count) => Math.Max(0, (_squares - (_sum * _sum / count)).ToDouble());
}
