using DisruptorStream.Aggregation;
using DisruptorStream.Aggregation.Metrics;

namespace DisruptorStream.State.Accumulators.Values;

/// <summary>
/// Minimum and maximum of a long measure. The minimum lies above the maximum until there is an event.
/// </summary>
internal struct Int64Extremes : IAccumulatorState<Int64Extremes>
{
    private long _min;
    private long _max;

    public static Int64Extremes Initial => new() { _min = long.MaxValue, _max = long.MinValue };

    public static void Accumulate(ref Int64Extremes state, in Measurement measurement)
    {
        state._min = Math.Min(state._min, measurement.Int64);
        state._max = Math.Max(state._max, measurement.Int64);
    }

    public static void Merge(ref Int64Extremes state, in Int64Extremes later)
    {
        state._min = Math.Min(state._min, later._min);
        state._max = Math.Max(state._max, later._max);
    }

    public static long Read(in Int64Extremes state, in MetricQuery query, MeasureDefinition? measure) =>
        query.Kind switch
        {
            _ when state._min > state._max =>
                MetricBits.Missing(query.Kind == MetricKind.Range ? MeasureType.Double : MeasureType.Int64),
            MetricKind.Min => state._min,
            MetricKind.Max => state._max,
            MetricKind.Range => BitConverter.DoubleToInt64Bits((ulong)(state._max - state._min)),
            _ => throw MetricBits.NotKept(query),
        };
}
