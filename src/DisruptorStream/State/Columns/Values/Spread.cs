using DisruptorStream.Aggregation;

namespace DisruptorStream.State.Columns.Values;

/// <summary>
/// Count, mean and sum of squared differences from it: Welford's recurrence, merged with Chan's formula.
/// </summary>
/// <remarks>
/// It keeps a count of its own: each column folds the whole run at once, so another column's count is already ahead
/// when a key comes more than once in a run. In a double the count is exact below 2^53.
/// </remarks>
internal struct Spread<TReading> : IColumnState<Spread<TReading>>
    where TReading : struct, IMeasureReading
{
    private double _count;
    private double _mean;
    private double _squares;

    public static Spread<TReading> Initial => default;

    public static void Accumulate(ref Spread<TReading> state, in Measurement measurement)
    {
        var value = TReading.ToDouble(measurement.Bits);
        var count = state._count + 1;
        var delta = value - state._mean;
        var mean = state._mean + (delta / count);
        state._count = count;
        state._mean = mean;
        state._squares += delta * (value - mean);
    }

    public static void Merge(ref Spread<TReading> state, in Spread<TReading> later)
    {
        if (later._count == 0)
            return;

        if (state._count == 0)
        {
            state = later;
            return;
        }

        var count = state._count + later._count;
        var delta = later._mean - state._mean;
        state._mean += delta * (later._count / count);
        state._squares += later._squares + (delta * delta * (state._count * (later._count / count)));
        state._count = count;
    }

    public static long Read(in Spread<TReading> state, MetricKind kind, MeasureDefinition? measure) => kind switch
    {
        MetricKind.Count => (long)state._count,
        MetricKind.Variance => MetricBits.Quotient(state._squares, state._count - 1),
        MetricKind.PopulationVariance => MetricBits.Quotient(state._squares, state._count),
        MetricKind.StandardDeviation => Root(MetricBits.Quotient(state._squares, state._count - 1)),
        _ => Root(MetricBits.Quotient(state._squares, state._count)),
    };

    private static long Root(long variance) =>
        BitConverter.DoubleToInt64Bits(Math.Sqrt(BitConverter.Int64BitsToDouble(variance)));
}
