using DisruptorStream.Aggregation;
using DisruptorStream.Aggregation.Metrics;
using DisruptorStream.Statistics;

namespace DisruptorStream.State.Accumulators.Values;

/// <summary>The last value, by timestamp and publication, and the mean and spread of all: its z-score.</summary>
internal struct LastScore<TReading> : IAccumulatorState<LastScore<TReading>>
    where TReading : struct, IMeasureReading
{
    private LastValue _last;
    private long _count;
    private long _origin;
    private SpreadSums _all;

    public static bool UsesSequence => true;

    public static LastScore<TReading> Initial => new() { _last = LastValue.Initial };

    public static void Accumulate(ref LastScore<TReading> state, in Measurement measurement)
    {
        LastValue.Accumulate(ref state._last, in measurement);
        if (state._count == 0)
            state._origin = measurement.Bits;
        state._count++;
        state._all.Add(
            TReading.Difference(measurement.Bits, state._origin),
            TReading.ToDouble(measurement.Bits),
            TReading.ToDouble(state._origin));
    }

    public static void Merge(ref LastScore<TReading> state, in LastScore<TReading> later)
    {
        if (later._count == 0)
            return;

        if (state._count == 0)
        {
            state = later;
            return;
        }

        LastValue.Merge(ref state._last, in later._last);
        state._all.Merge(
            later._all,
            later._count,
            TReading.Difference(later._origin, state._origin),
            TReading.ToDouble(later._origin),
            TReading.ToDouble(state._origin));
        state._count += later._count;
    }

    public static long Read(in LastScore<TReading> state, in MetricQuery query, MeasureDefinition? measure)
    {
        if (state._count < 2 || !state._all.HasSpread(state._count))
            return MetricBits.NaN;

        var last = LastValue.Read(in state._last, in query, measure);
        return BitConverter.DoubleToInt64Bits(state._all.ScoreOf(
            TReading.Difference(last, state._origin),
            TReading.ToDouble(last),
            TReading.ToDouble(state._origin),
            state._count));
    }
}
