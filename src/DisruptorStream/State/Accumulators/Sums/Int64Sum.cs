using DisruptorStream.Aggregation;
using DisruptorStream.Aggregation.Metrics;
using DisruptorStream.State.Accumulators.Values;

namespace DisruptorStream.State.Accumulators.Sums;

/// <summary>Count and exact sum of a long measure. 128 bits cannot overflow: that takes 2^63 events.</summary>
internal struct Int64Sum : IAccumulatorState<Int64Sum>
{
    private ulong _low;
    private long _high;
    private long _count;

    public static Int64Sum Initial => default;

    public static void Accumulate(ref Int64Sum state, in Measurement measurement)
    {
        var low = state._low + (ulong)measurement.Int64;
        state._high += (measurement.Int64 >> 63) + (low < state._low ? 1 : 0);
        state._low = low;
        state._count++;
    }

    public static void Merge(ref Int64Sum state, in Int64Sum later)
    {
        var low = state._low + later._low;
        state._high += later._high + (low < state._low ? 1 : 0);
        state._low = low;
        state._count += later._count;
    }

    public static long Read(in Int64Sum state, in MetricQuery query, MeasureDefinition? measure) => query.Kind switch
    {
        MetricKind.Count => state._count,
        MetricKind.Sum => state._high == (long)state._low >> 63 ? (long)state._low : ThrowOverflow(measure),
        MetricKind.Average => MetricBits.Quotient((double)new Int128((ulong)state._high, state._low), state._count),
        _ => throw MetricBits.NotKept(query),
    };

    private static long ThrowOverflow(MeasureDefinition? measure) => throw new OverflowException(
        $"The sum of the measure '{measure?.Name}' does not fit 64 bits; declare the measure as a double, or use "
        + "smaller windows.");
}
