using DisruptorStream.Aggregation;
using DisruptorStream.Aggregation.Metrics;

namespace DisruptorStream.State.Accumulators.Values;

/// <summary>The number of events, where no other accumulator counts them.</summary>
internal struct EventCount : IAccumulatorState<EventCount>
{
    private long _count;

    public static EventCount Initial => default;

    public static void Accumulate(ref EventCount state, in Measurement measurement) => state._count++;

    public static void Merge(ref EventCount state, in EventCount later) => state._count += later._count;

    public static long Read(in EventCount state, in MetricQuery query, MeasureDefinition? measure) => state._count;
}
