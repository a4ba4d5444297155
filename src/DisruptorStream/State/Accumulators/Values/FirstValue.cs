using DisruptorStream.Aggregation;
using DisruptorStream.Aggregation.Metrics;

namespace DisruptorStream.State.Accumulators.Values;

/// <summary>The measure of the event that is lowest by (timestamp, sequence).</summary>
internal struct FirstValue : IAccumulatorState<FirstValue>
{
    private const long NoSequence = long.MaxValue;

    private long _bits;
    private long _timestamp;
    private long _sequence;

    public static bool UsesSequence => true;

    public static FirstValue Initial => new() { _timestamp = long.MaxValue, _sequence = NoSequence };

    public static void Accumulate(ref FirstValue state, in Measurement measurement)
    {
        if (Precedes(measurement.TimestampTicks, measurement.Sequence, in state))
        {
            state._bits = measurement.Bits;
            state._timestamp = measurement.TimestampTicks;
            state._sequence = measurement.Sequence;
        }
    }

    public static void Merge(ref FirstValue state, in FirstValue later)
    {
        if (Precedes(later._timestamp, later._sequence, in state))
            state = later;
    }

    public static long Read(in FirstValue state, in MetricQuery query, MeasureDefinition? measure) =>
        state._sequence == NoSequence ? MetricBits.Missing(measure!.Type) : state._bits;

    private static bool Precedes(long timestamp, long sequence, in FirstValue state) =>
        timestamp < state._timestamp || (timestamp == state._timestamp && sequence < state._sequence);
}
