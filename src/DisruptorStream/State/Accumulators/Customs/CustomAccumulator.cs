using DisruptorStream.Aggregation;
using DisruptorStream.Aggregation.Metrics;
using DisruptorStream.Events;
using DisruptorStream.State.Accumulators.Values;

namespace DisruptorStream.State.Accumulators.Customs;

/// <summary>That of a user's aggregate.</summary>
internal sealed unsafe class CustomAccumulator<TAggregate, TState, TReading> : GuardedAccumulator<TState>
    where TAggregate : struct, IAggregate<TState>
    where TState : unmanaged
    where TReading : struct, IMeasureReading
{
    private readonly MeasureDefinition _measure;

    public CustomAccumulator(AccumulatorIdentity identity, FailureMarks marks)
        : base(identity, marks) => _measure = identity.Measure!;

    public override void Initialize(byte* record) => State(record) = TAggregate.Initial;

    public override long Read(byte* record, in MetricQuery query) =>
        BitConverter.DoubleToInt64Bits(TAggregate.Result(in State(record)));

    protected override void Combine(ref TState into, ref TState later) =>
        TAggregate.Merge(ref into, in later);

    protected override void AccumulateFrom(ref int next, in EventView events, nint* records)
    {
        var measure = events.Measure(_measure.Index, out var strideBytes) + (next * strideBytes);
        var slots = events.Slots;
        var mayHaveFailed = MayHaveFailed;
        for (; next < events.Count; next++, measure += strideBytes)
        {
            var bits = *(long*)measure;
            var record = (byte*)records[next];
            if (TReading.Skips(bits) || (mayHaveFailed && HasFailed(record)))
                continue;

            var measurement = new Measurement(bits, slots[next].TimestampTicks, events.SequenceOf(next));
            TAggregate.Accumulate(ref State(record), in measurement);
        }
    }
}
