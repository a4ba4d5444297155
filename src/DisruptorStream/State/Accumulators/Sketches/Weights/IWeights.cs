namespace DisruptorStream.State.Accumulators.Sketches.Weights;

/// <summary>
/// How weights are read and added. Those that count are above zero, and as 64-bit integers their bits have the order of
/// what they stand for.
/// </summary>
internal interface IWeights
{
    /// <summary>The largest bits that a sum can have.</summary>
    static abstract long Highest { get; }

    /// <summary>Whether an event of this weight counts: it is above zero, and no infinity.</summary>
    static abstract bool Counts(long bits);

    /// <summary>What such an event weighs.</summary>
    static abstract long Of(long bits);

    static abstract bool IsNegative(long bits);

    static abstract double ToDouble(long bits);

    /// <summary>The bits of the sum of two that are not negative.</summary>
    /// <exception cref="OverflowException">The sum does not fit.</exception>
    static abstract long Add(long left, long right);
}
