using DisruptorStream.Aggregation;
using DisruptorStream.Statistics;

namespace DisruptorStream.State.Accumulators.Values;

/// <summary>A symbol, of which that for none is left out.</summary>
internal readonly struct SymbolReading : IMeasureReading
{
    public static bool Skips(long bits) => bits == SymbolTable.None;

    public static double ToDouble(long bits) => bits;

    public static DoubleDouble Difference(long bits, long origin) => DoubleDouble.Difference(bits, origin);
}
