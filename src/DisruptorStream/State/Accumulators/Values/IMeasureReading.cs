using DisruptorStream.Statistics;

namespace DisruptorStream.State.Accumulators.Values;

/// <summary>
/// How an accumulator reads the bits of its measure; a struct type parameter, so that the default costs nothing.
/// </summary>
internal interface IMeasureReading
{
    /// <summary>True when the accumulator leaves this value out.</summary>
    static abstract bool Skips(long bits);

    static abstract double ToDouble(long bits);

    /// <summary>
    /// A value less another one, without an error; infinite where that is too large for a double.
    /// </summary>
    static abstract DoubleDouble Difference(long bits, long origin);
}
