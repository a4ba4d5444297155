using DisruptorStream.Aggregation;
using DisruptorStream.Aggregation.Metrics;

namespace DisruptorStream.State.Columns.Values;

/// <summary>The number of events, where no other column counts them.</summary>
internal struct EventCount : IColumnState<EventCount>
{
    private long _count;

    public static EventCount Initial => default;

    public static void Accumulate(ref EventCount state, in Measurement measurement) => state._count++;

    public static void Merge(ref EventCount state, in EventCount later) => state._count += later._count;

    public static long Read(in EventCount state, in MetricQuery query, MeasureDefinition? measure) => state._count;
}
