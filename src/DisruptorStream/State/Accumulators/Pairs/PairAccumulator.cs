using DisruptorStream.Aggregation;
using DisruptorStream.Aggregation.Metrics;
using DisruptorStream.Events;
using DisruptorStream.State.Accumulators.Values;

namespace DisruptorStream.State.Accumulators.Pairs;

/// <summary>The accumulator of a state that reads two measures; an event counts when both do.</summary>
internal sealed unsafe class PairAccumulator<TState, TReading, TByReading> : Accumulator
    where TState : unmanaged, IPairState<TState>
    where TReading : struct, IMeasureReading
    where TByReading : struct, IMeasureReading
{
    private readonly MeasureDefinition _measure;
    private readonly int _byIndex;

    public PairAccumulator(AccumulatorIdentity identity)
        : base(identity, sizeof(TState), countsEvents: false)
    {
        _measure = identity.Measure!;
        _byIndex = identity.By!.Index;
    }

    public override void Initialize(byte* record) => *State(record) = TState.Initial;

    public override void Accumulate(in EventView events, nint* records)
    {
        var measure = events.Measure(_measure.Index, out var strideBytes);
        var by = events.Measure(_byIndex, out var byStrideBytes);
        for (var index = 0; index < events.Count; index++, measure += strideBytes, by += byStrideBytes)
        {
            if (TReading.Skips(*(long*)measure) || TByReading.Skips(*(long*)by))
                continue;

            var shown = new Measurement(*(long*)measure, events.Slots[index].TimestampTicks, events.SequenceOf(index));
            TState.Accumulate(ref *State((byte*)records[index]), in shown, TByReading.ToDouble(*(long*)by));
        }
    }

    public override void Merge(byte* into, byte* later) => TState.Merge(ref *State(into), in *State(later));

    public override long Read(byte* record, in MetricQuery query) =>
        TState.Read(in *State(record), in query, _measure);

    private TState* State(byte* record) => (TState*)(record + Offset);
}
