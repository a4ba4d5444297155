using DisruptorStream.Aggregation;
using DisruptorStream.Aggregation.Metrics;
using DisruptorStream.State.Accumulators.Values;

namespace DisruptorStream.State.Accumulators.Pairs;

/// <summary>
/// The plain sums of value × weight and of the weights, in slot order, with all weights scaled by a power of two.
/// </summary>
/// <remarks>
/// The scale keeps the largest weight below 1/2, so that a product neither overflows nor vanishes, however large or
/// small the weights are. It changes no digit, and the mean is the same in any scale.
/// </remarks>
internal struct WeightedMean<TReading> : IPairState<WeightedMean<TReading>>
    where TReading : struct, IMeasureReading
{
    // The largest weight is from 1/4 to 1/2.
    private const int HeadroomExponent = 2;
    private const int LowestExponent = -1021;

    private double _products;
    private double _weights;
    private double _factor;
    private double _limit;

    public static WeightedMean<TReading> Initial => default;

    public static void Accumulate(ref WeightedMean<TReading> state, in Measurement shown, double by)
    {
        if (!(Math.Abs(by) <= state._limit))
            Grow(ref state, by);
        var weight = by * state._factor;
        state._products += TReading.ToDouble(shown.Bits) * weight;
        state._weights += weight;
    }

    public static void Merge(ref WeightedMean<TReading> state, in WeightedMean<TReading> later)
    {
        var other = later;
        if (other._factor != 0 && (state._factor == 0 || other._factor < state._factor))
            MoveTo(ref state, other._factor, other._limit);
        else
            MoveTo(ref other, state._factor, state._limit);
        state._products += other._products;
        state._weights += other._weights;
    }

    public static long Read(in WeightedMean<TReading> state, in MetricQuery query, MeasureDefinition measure) =>
        state._weights == 0 ? MetricBits.NaN : BitConverter.DoubleToInt64Bits(state._products / state._weights);

    private static void Grow(ref WeightedMean<TReading> state, double by)
    {
        var exponent = Math.Max(Math.ILogB(by), LowestExponent);
        MoveTo(ref state, Math.ScaleB(1, -exponent - HeadroomExponent), Math.BitDecrement(Math.ScaleB(2, exponent)));
    }

    private static void MoveTo(ref WeightedMean<TReading> state, double factor, double limit)
    {
        if (state._factor != 0 && state._factor != factor)
        {
            var exponent = Math.ILogB(factor) - Math.ILogB(state._factor);
            state._products = Math.ScaleB(state._products, exponent);
            state._weights = Math.ScaleB(state._weights, exponent);
        }

        (state._factor, state._limit) = (factor, limit);
    }
}
