using DisruptorStream.Aggregation;
using DisruptorStream.Aggregation.Metrics;
using DisruptorStream.Statistics;

namespace DisruptorStream.State.Accumulators.Values;

/// <summary>
/// The last value, by timestamp and publication, the one before it, and the mean and spread of all finite ones but it.
/// </summary>
internal struct EarlierValues<TReading> : IAccumulatorState<EarlierValues<TReading>>
    where TReading : struct, IMeasureReading
{
    private LastValue _last;
    private LastValue _previous;
    private long _count;
    private long _origin;
    private SpreadSums _earlier;

    public static bool UsesSequence => true;

    public static EarlierValues<TReading> Initial =>
        new() { _last = LastValue.Initial, _previous = LastValue.Initial };

    public static void Accumulate(ref EarlierValues<TReading> state, in Measurement measurement) =>
        state.Take(LastValue.Of(in measurement));

    public static void Merge(ref EarlierValues<TReading> state, in EarlierValues<TReading> later)
    {
        if (!later._last.HasValue)
            return;
        if (!state._last.HasValue)
        {
            state = later;
            return;
        }

        state.MergeEarlier(in later);
        LastValue.Merge(ref state._previous, in later._previous);
        state.Take(later._last);
    }

    public static long Read(in EarlierValues<TReading> state, in MetricQuery query, MeasureDefinition? measure)
    {
        var origin = TReading.ToDouble(state._origin);
        return query.Kind switch
        {
            MetricKind.Previous => LastValue.Read(in state._previous, in query, measure),
            MetricKind.EarlierAverage => state._count > 0
                ? BitConverter.DoubleToInt64Bits(state._earlier.Mean(origin, state._count))
                : MetricBits.NaN,
            MetricKind.EarlierStandardDeviation => state._count > 1
                ? BitConverter.DoubleToInt64Bits(state._earlier.Deviation(state._count, state._count - 1))
                : MetricBits.NaN,
            MetricKind.EarlierZScore => state._count > 1
                ? BitConverter.DoubleToInt64Bits(state._earlier.ScoreOf(
                    TReading.Difference(state._last.Bits, state._origin),
                    TReading.ToDouble(state._last.Bits),
                    origin,
                    state._count))
                : MetricBits.NaN,
            _ => throw MetricBits.NotKept(query),
        };
    }

    /// <summary>The value, or the one whose place it takes, is one of the earlier ones.</summary>
    private void Take(LastValue value)
    {
        if (value.Follows(in _last))
            (_last, value) = (value, _last);
        if (!value.HasValue)
            return;
        LastValue.Merge(ref _previous, in value);

        // What is no number, such as a metric without a value, must not be all that later ones are compared with.
        if (!double.IsFinite(TReading.ToDouble(value.Bits)))
            return;
        if (_count == 0)
            _origin = value.Bits;
        _count++;
        _earlier.Add(
            TReading.Difference(value.Bits, _origin), TReading.ToDouble(value.Bits), TReading.ToDouble(_origin));
    }

    private void MergeEarlier(in EarlierValues<TReading> later)
    {
        if (later._count == 0)
            return;
        if (_count == 0)
        {
            (_count, _origin, _earlier) = (later._count, later._origin, later._earlier);
            return;
        }

        _earlier.Merge(
            later._earlier,
            later._count,
            TReading.Difference(later._origin, _origin),
            TReading.ToDouble(later._origin),
            TReading.ToDouble(_origin));
        _count += later._count;
    }
}
