using DisruptorStream.Statistics;

namespace DisruptorStream.State.Accumulators.Values;

/// <summary>A double of which NaN and the infinities are left out.</summary>
internal readonly struct FiniteReading : IMeasureReading
{
    public static bool Skips(long bits) => !double.IsFinite(ToDouble(bits));

    public static double ToDouble(long bits) => BitConverter.Int64BitsToDouble(bits);

    public static DoubleDouble Difference(long bits, long origin) =>
        DoubleDouble.Sum(ToDouble(bits), -ToDouble(origin));
}
