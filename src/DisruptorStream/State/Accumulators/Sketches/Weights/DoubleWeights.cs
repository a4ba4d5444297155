namespace DisruptorStream.State.Accumulators.Sketches.Weights;

/// <summary>Weights that are doubles; a sum that is too large is infinite.</summary>
internal readonly struct DoubleWeights : IWeights
{
    private const long Infinity = 0x7FF0_0000_0000_0000;

    public static long Highest => Infinity;

    // The bits of the numbers above zero lie between those of zero and of infinity.
    public static bool Counts(long bits) => bits is > 0 and < Infinity;

    public static long Of(long bits) => bits;

    public static bool IsNegative(long bits) => ToDouble(bits) < 0;

    public static double ToDouble(long bits) => BitConverter.Int64BitsToDouble(bits);

    public static long Add(long left, long right) =>
        BitConverter.DoubleToInt64Bits(ToDouble(left) + ToDouble(right));
}
