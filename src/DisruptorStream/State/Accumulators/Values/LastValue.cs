using DisruptorStream.Aggregation;
using DisruptorStream.Aggregation.Metrics;

namespace DisruptorStream.State.Accumulators.Values;

/// <summary>The measure of the event that is highest by (timestamp, sequence).</summary>
internal struct LastValue : IAccumulatorState<LastValue>
{
    private const long NoSequence = long.MinValue;

    private long _bits;
    private long _timestamp;
    private long _sequence;

    public static bool UsesSequence => true;

    /// <summary>Whether there was an event.</summary>
    public readonly bool HasValue => _sequence != NoSequence;

    /// <summary>The bits of the measure, where there was an event.</summary>
    public readonly long Bits => _bits;

    public static LastValue Initial => new() { _timestamp = long.MinValue, _sequence = NoSequence };

    public static void Accumulate(ref LastValue state, in Measurement measurement)
    {
        if (Follows(measurement.TimestampTicks, measurement.Sequence, in state))
            state = Of(in measurement);
    }

    /// <summary>That of one event.</summary>
    public static LastValue Of(in Measurement measurement) => new()
    {
        _bits = measurement.Bits,
        _timestamp = measurement.TimestampTicks,
        _sequence = measurement.Sequence,
    };

    /// <summary>Whether it is later than another one; it is where the other has no event.</summary>
    public readonly bool Follows(in LastValue other) => Follows(_timestamp, _sequence, in other);

    public static void Merge(ref LastValue state, in LastValue later)
    {
        if (Follows(later._timestamp, later._sequence, in state))
            state = later;
    }

    public static long Read(in LastValue state, in MetricQuery query, MeasureDefinition? measure) =>
        state._sequence == NoSequence ? MetricBits.Missing(measure!.Type) : state._bits;

    private static bool Follows(long timestamp, long sequence, in LastValue state) =>
        timestamp > state._timestamp || (timestamp == state._timestamp && sequence > state._sequence);
}
