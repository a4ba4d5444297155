using DisruptorStream.Aggregation;
using DisruptorStream.Aggregation.Metrics;
using DisruptorStream.State.Columns.Values;

namespace DisruptorStream.State.Columns.Pairs;

/// <summary>The plain sums of value × weight and of the weights, in slot order.</summary>
internal struct WeightedMean<TReading> : IPairState<WeightedMean<TReading>>
    where TReading : struct, IMeasureReading
{
    private double _products;
    private double _weights;

    public static WeightedMean<TReading> Initial => default;

    public static void Accumulate(ref WeightedMean<TReading> state, in Measurement shown, double by)
    {
        state._products += TReading.ToDouble(shown.Bits) * by;
        state._weights += by;
    }

    public static void Merge(ref WeightedMean<TReading> state, in WeightedMean<TReading> later)
    {
        state._products += later._products;
        state._weights += later._weights;
    }

    public static long Read(in WeightedMean<TReading> state, in MetricQuery query, MeasureDefinition measure) =>
        state._weights == 0 ? MetricBits.NaN : BitConverter.DoubleToInt64Bits(state._products / state._weights);
}
