using DisruptorStream.Aggregation;
using DisruptorStream.Aggregation.Metrics;
using DisruptorStream.State.Accumulators.Values;

namespace DisruptorStream.State.Accumulators.Sums;

/// <summary>Count and plain sum of a double measure, in slot order.</summary>
internal struct DoubleSum : IAccumulatorState<DoubleSum>
{
    private double _sum;
    private long _count;

    public static DoubleSum Initial => default;

    public static void Accumulate(ref DoubleSum state, in Measurement measurement)
    {
        state._sum += measurement.Value;
        state._count++;
    }

    public static void Merge(ref DoubleSum state, in DoubleSum later)
    {
        state._sum += later._sum;
        state._count += later._count;
    }

    public static long Read(in DoubleSum state, in MetricQuery query, MeasureDefinition? measure) => query.Kind switch
    {
        MetricKind.Count => state._count,
        MetricKind.Sum => BitConverter.DoubleToInt64Bits(state._sum),
        MetricKind.Average => MetricBits.Quotient(state._sum, state._count),
        _ => throw MetricBits.NotKept(query),
    };
}
