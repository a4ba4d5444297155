using System.Runtime.CompilerServices;
using DisruptorStream.Aggregation;
using DisruptorStream.Aggregation.Metrics;
using DisruptorStream.Events;
using DisruptorStream.State.Accumulators.Values;

namespace DisruptorStream.State.Accumulators.Customs;

/// <summary>That of a user's aggregate. What it throws fails the record of that event and nothing else.</summary>
internal sealed unsafe class CustomAccumulator<TAggregate, TState, TReading> : Accumulator
    where TAggregate : struct, IAggregate<TState>
    where TState : unmanaged
    where TReading : struct, IMeasureReading
{
    private readonly MeasureDefinition _measure;
    private readonly FailureMarks _marks;

    public CustomAccumulator(AccumulatorIdentity identity, FailureMarks marks)
        : base(identity, (sizeof(TState) + 7) & ~7, countsEvents: false)
    {
        _measure = identity.Measure!;
        _marks = marks;
    }

    public override void Initialize(byte* record) => State(record) = TAggregate.Initial;

    public override void Accumulate(in EventView events, nint* records)
    {
        var next = 0;
        while (next < events.Count)
        {
            try
            {
                AccumulateFrom(ref next, in events, records);
            }
            catch (Exception exception)
            {
                _marks.FailFold((byte*)records[next], exception);
                next++;
            }
        }
    }

    public override void Merge(byte* into, byte* later)
    {
        try
        {
            TAggregate.Merge(ref State(into), in State(later));
        }
        catch (Exception exception)
        {
            _marks.FailFold(into, exception);
        }
    }

    public override long Read(byte* record, in MetricQuery query) =>
        BitConverter.DoubleToInt64Bits(TAggregate.Result(in State(record)));

    private void AccumulateFrom(ref int next, in EventView events, nint* records)
    {
        var measure = events.Measure(_measure.Index, out var strideBytes) + (next * strideBytes);
        var slots = events.Slots;
        var mayHaveFailed = !_marks.Log.IsEmpty;
        for (; next < events.Count; next++, measure += strideBytes)
        {
            var bits = *(long*)measure;
            var record = (byte*)records[next];
            if (TReading.Skips(bits) || (mayHaveFailed && _marks.HasFailed(record)))
                continue;

            var measurement = new Measurement(bits, slots[next].TimestampTicks, events.SequenceOf(next));
            TAggregate.Accumulate(ref State(record), in measurement);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref TState State(byte* record) => ref *(TState*)(record + Offset);
}
