using DisruptorStream.Statistics;

namespace DisruptorStream.State.Accumulators.Values;

/// <summary>A 64-bit integer; as a double it is rounded to the nearest.</summary>
internal readonly struct Int64Reading : IMeasureReading
{
    public static bool Skips(long bits) => false;

    public static double ToDouble(long bits) => bits;

    public static DoubleDouble Difference(long bits, long origin) => DoubleDouble.Difference(bits, origin);
}
