namespace DisruptorStream.State.Accumulators.Sketches.Weights;

/// <summary>Every event weighs one; there are fewer than 2^63.</summary>
internal readonly struct EventWeights : IWeights
{
    public static long Highest => long.MaxValue;

    public static bool Counts(long bits) => true;

    public static long Of(long bits) => 1;

    public static bool IsNegative(long bits) => false;

    public static double ToDouble(long bits) => bits;

    public static long Add(long left, long right) => left + right;
}
