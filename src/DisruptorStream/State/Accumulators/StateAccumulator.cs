using System.Runtime.CompilerServices;
using DisruptorStream.Aggregation;
using DisruptorStream.Aggregation.Metrics;
using DisruptorStream.Events;
using DisruptorStream.State.Accumulators.Values;

namespace DisruptorStream.State.Accumulators;

/// <summary>That of one of the engine's own states, its loop closed over the state and the reading.</summary>
internal sealed unsafe class StateAccumulator<TState, TReading> : Accumulator
    where TState : unmanaged, IAccumulatorState<TState>
    where TReading : struct, IMeasureReading
{
    private readonly MeasureDefinition? _measure;

    public StateAccumulator(AccumulatorIdentity identity, bool countsEvents)
        : base(identity, sizeof(TState), countsEvents) => _measure = identity.Measure;

    public override bool IsChecked => TState.IsChecked;

    public override void Initialize(byte* record) => State(record) = TState.Initial;

    public override bool IsValid(byte* record) => TState.IsValid(in State(record));

    public override void Accumulate(in EventView events, nint* records)
    {
        var measure = events.Measure(_measure?.Index ?? 0, out var strideBytes);
        var slots = events.Slots;
        var firstSequence = events.FirstSequence;
        var sequences = TState.UsesSequence ? events.Sequences : null;
        var count = events.Count;
        var offset = Offset;
        for (nint index = 0; index < count; index++, measure += strideBytes)
        {
            var bits = *(long*)measure;
            if (TReading.Skips(bits))
                continue;

            var sequence = TState.UsesSequence && sequences != null ? sequences[index] : firstSequence + index;
            var measurement = new Measurement(bits, slots[index].TimestampTicks, sequence);
            TState.Accumulate(ref *(TState*)(records[index] + offset), in measurement);
        }
    }

    public override void Merge(byte* into, byte* later) => TState.Merge(ref State(into), in State(later));

    public override long Read(byte* record, in MetricQuery query) =>
        TState.Read(in State(record), in query, _measure);

    public override void ReadEach(nint* records, int count, in MetricQuery query, ref long values, nint stride)
    {
        for (nint index = 0; index < count; index++)
        {
            Unsafe.Add(ref values, index * stride) =
                TState.Read(in State((byte*)records[index]), in query, _measure);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref TState State(byte* record) => ref *(TState*)(record + Offset);
}
