using DisruptorStream.Aggregation;
using DisruptorStream.Aggregation.Metrics;
using DisruptorStream.State.Accumulators.Values;

namespace DisruptorStream.State.Accumulators.Sums;

/// <summary>Count, sum and the sum of what the additions rounded away (Neumaier 1974).</summary>
internal struct CompensatedSum : IAccumulatorState<CompensatedSum>
{
    private double _sum;
    private double _rest;
    private long _count;

    public static CompensatedSum Initial => default;

    public static void Accumulate(ref CompensatedSum state, in Measurement measurement)
    {
        Add(ref state, measurement.Value);
        state._count++;
    }

    public static void Merge(ref CompensatedSum state, in CompensatedSum later)
    {
        Add(ref state, later._sum);
        state._rest += later._rest;
        state._count += later._count;
    }

    public static long Read(in CompensatedSum state, in MetricQuery query, MeasureDefinition? measure)
    {
        // Once the sum has overflowed, what was rounded away is NaN.
        var sum = double.IsFinite(state._sum) ? state._sum + state._rest : state._sum;
        return query.Kind switch
        {
            MetricKind.Count => state._count,
            MetricKind.Sum => BitConverter.DoubleToInt64Bits(sum),
            MetricKind.Average => MetricBits.Quotient(sum, state._count),
            _ => throw MetricBits.NotKept(query),
        };
    }

    private static void Add(ref CompensatedSum state, double value)
    {
        var sum = state._sum + value;
        state._rest += Math.Abs(state._sum) >= Math.Abs(value) ? state._sum - sum + value : value - sum + state._sum;
        state._sum = sum;
    }
}
