using DisruptorStream.Aggregation;
using DisruptorStream.Aggregation.Metrics;
using DisruptorStream.State.Accumulators.Values;

namespace DisruptorStream.State.Accumulators.Pairs;

/// <summary>A measure where another one is largest.</summary>
/// <remarks>
/// Of equal ones that of the lowest timestamp, then published first. For the smallest, the sign is turned.
/// </remarks>
internal struct ValueAtExtreme<TSign> : IPairState<ValueAtExtreme<TSign>>
    where TSign : struct, IExtremeSign
{
    private const long NoSequence = -1;

    private double _extreme;
    private long _bits;
    private long _timestamp;
    private long _sequence;

    public static ValueAtExtreme<TSign> Initial => new()
    {
        _extreme = double.NegativeInfinity,
        _sequence = NoSequence,
    };

    public static void Accumulate(ref ValueAtExtreme<TSign> state, in Measurement shown, double by)
    {
        var candidate = new ValueAtExtreme<TSign>
        {
            _extreme = TSign.Turn(by),
            _bits = shown.Bits,
            _timestamp = shown.TimestampTicks,
            _sequence = shown.Sequence,
        };
        Merge(ref state, in candidate);
    }

    public static void Merge(ref ValueAtExtreme<TSign> state, in ValueAtExtreme<TSign> later)
    {
        if (later._sequence != NoSequence && (state._sequence == NoSequence || Precedes(in later, in state)))
            state = later;
    }

    public static long Read(in ValueAtExtreme<TSign> state, in MetricQuery query, MeasureDefinition measure) =>
        state._sequence == NoSequence ? MetricBits.Missing(measure.Type) : state._bits;

    private static bool Precedes(in ValueAtExtreme<TSign> left, in ValueAtExtreme<TSign> right)
    {
        if (left._extreme != right._extreme)
            return left._extreme > right._extreme;
        return left._timestamp != right._timestamp
            ? left._timestamp < right._timestamp
            : left._sequence < right._sequence;
    }
}
