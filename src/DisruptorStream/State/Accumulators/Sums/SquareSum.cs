using DisruptorStream.Aggregation;
using DisruptorStream.Aggregation.Metrics;
using DisruptorStream.State.Accumulators.Values;

namespace DisruptorStream.State.Accumulators.Sums;

/// <summary>The plain sum of the squares of a measure, in slot order.</summary>
internal struct SquareSum<TReading> : IAccumulatorState<SquareSum<TReading>>
    where TReading : struct, IMeasureReading
{
    private double _sum;

    public static SquareSum<TReading> Initial => default;

    public static void Accumulate(ref SquareSum<TReading> state, in Measurement measurement)
    {
        var value = TReading.ToDouble(measurement.Bits);
        state._sum += value * value;
    }

    public static void Merge(ref SquareSum<TReading> state, in SquareSum<TReading> later) => state._sum += later._sum;

    public static long Read(
        in SquareSum<TReading> state, in MetricQuery query, MeasureDefinition? measure) =>
        BitConverter.DoubleToInt64Bits(state._sum);
}
