using DisruptorStream.Aggregation;
using DisruptorStream.Aggregation.Metrics;

namespace DisruptorStream.State.Columns.Values;

/// <summary>The last value, by timestamp and publication, and the mean and spread of all: its z-score.</summary>
/// <remarks>Welford's recurrence (1962), merged with the formula of Chan, Golub and LeVeque (1983).</remarks>
internal struct LastScore<TReading> : IColumnState<LastScore<TReading>>
    where TReading : struct, IMeasureReading
{
    private LastValue _last;
    private double _count;
    private double _mean;
    private double _squares;

    public static bool UsesSequence => true;

    public static LastScore<TReading> Initial => new() { _last = LastValue.Initial };

    public static void Accumulate(ref LastScore<TReading> state, in Measurement measurement)
    {
        LastValue.Accumulate(ref state._last, in measurement);
        var value = TReading.ToDouble(measurement.Bits);
        state._count++;
        var delta = value - state._mean;
        state._mean += delta / state._count;
        state._squares += delta * (value - state._mean);
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
        var count = state._count + later._count;
        var delta = later._mean - state._mean;
        state._mean += delta * (later._count / count);
        state._squares += later._squares + (delta * delta * (state._count * (later._count / count)));
        state._count = count;
    }

    public static long Read(in LastScore<TReading> state, in MetricQuery query, MeasureDefinition? measure)
    {
        if (!(state._squares > 0))
            return MetricBits.NaN;

        var last = TReading.ToDouble(LastValue.Read(in state._last, in query, measure));
        var deviation = Math.Sqrt(state._squares / (state._count - 1));
        return BitConverter.DoubleToInt64Bits((last - state._mean) / deviation);
    }
}
