using DisruptorStream.Statistics;

namespace DisruptorStream.State.Accumulators.Values;

/// <summary>A double that publish has checked: every value counts.</summary>
internal readonly struct DoubleReading : IMeasureReading
{
    public static bool Skips(long bits) => false;

    public static double ToDouble(long bits) => BitConverter.Int64BitsToDouble(bits);

    public static DoubleDouble Difference(long bits, long origin) =>
        DoubleDouble.Sum(ToDouble(bits), -ToDouble(origin));
}
