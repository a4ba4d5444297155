using DisruptorStream.Aggregation;
using DisruptorStream.Aggregation.Metrics;
using DisruptorStream.Statistics;

namespace DisruptorStream.State.Columns.Values;

/// <summary>The last value, by timestamp and publication, and the mean and spread of all: its z-score.</summary>
internal struct LastScore<TReading> : IColumnState<LastScore<TReading>>
    where TReading : struct, IMeasureReading
{
    private LastValue _last;
    private OnlineVariance _all;

    public static bool UsesSequence => true;

    public static LastScore<TReading> Initial => new() { _last = LastValue.Initial };

    public static void Accumulate(ref LastScore<TReading> state, in Measurement measurement)
    {
        LastValue.Accumulate(ref state._last, in measurement);
        state._all.AddFinite(TReading.ToDouble(measurement.Bits));
    }

    public static void Merge(ref LastScore<TReading> state, in LastScore<TReading> later)
    {
        if (later._all.Count == 0)
            return;

        LastValue.Merge(ref state._last, in later._last);
        state._all.Merge(in later._all);
    }

    public static long Read(in LastScore<TReading> state, in MetricQuery query, MeasureDefinition? measure)
    {
        var deviation = state._all.StandardDeviation;
        if (!(deviation > 0))
            return MetricBits.NaN;

        var last = TReading.ToDouble(LastValue.Read(in state._last, in query, measure));
        return BitConverter.DoubleToInt64Bits(state._all.DistanceOf(last) / deviation);
    }
}
