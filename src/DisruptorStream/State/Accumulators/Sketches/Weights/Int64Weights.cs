namespace DisruptorStream.State.Accumulators.Sketches.Weights;

/// <summary>Weights that are 64-bit integers.</summary>
internal readonly struct Int64Weights : IWeights
{
    public static long Highest => long.MaxValue;

    public static bool Counts(long bits) => bits > 0;

    public static long Of(long bits) => bits;

    public static bool IsNegative(long bits) => bits < 0;

    public static double ToDouble(long bits) => bits;

    public static long Add(long left, long right) => checked(left + right);
}
