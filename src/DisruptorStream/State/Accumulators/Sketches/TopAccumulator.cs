using DisruptorStream.Aggregation;
using DisruptorStream.Aggregation.Metrics;
using DisruptorStream.Events;
using DisruptorStream.Saving;
using DisruptorStream.State.Accumulators.Values;
using DisruptorStream.State.Memory;

namespace DisruptorStream.State.Accumulators.Sketches;

/// <summary>The most frequent values of a measure.</summary>
internal sealed unsafe class TopAccumulator<TReading> : Accumulator
    where TReading : struct, IMeasureReading
{
    private readonly MeasureDefinition _measure;
    private readonly BlockPool _blocks;
    private readonly TopSketch _sketch;

    public TopAccumulator(AccumulatorIdentity identity, BlockPool blocks, int capacity)
        : base(identity, sizeof(TopState), countsEvents: false)
    {
        _measure = identity.Measure!;
        _blocks = blocks;
        _sketch = new TopSketch(blocks, capacity);
    }

    public override int MaxBlockBytes => _sketch.MaxBytes;

    public override int PanesPerMerge => _sketch.PanesPerMerge;

    public override void Initialize(byte* record) => *State(record) = default;

    public override void Accumulate(in EventView events, nint* records)
    {
        var measure = events.Measure(_measure.Index, out var strideBytes);
        var count = events.Count;
        for (nint index = 0; index < count; index++, measure += strideBytes)
        {
            var bits = *(long*)measure;
            if (!TReading.Skips(bits))
                _sketch.Add(ref *State((byte*)records[index]), bits);
        }
    }

    public override void Merge(byte* into, byte* later) => _sketch.Merge(ref *State(into), in *State(later));

    public override int Prepare(byte* record) => _sketch.Prepare(in *State(record));

    public override long Read(byte* record, in MetricQuery query)
    {
        if (!_sketch.TryFind(in *State(record), query.Index, out var entry))
            return query.Kind == MetricKind.TopValue ? MetricBits.Missing(_measure.Type) : 0;
        return query.Kind switch
        {
            MetricKind.TopValue => entry.Value,
            MetricKind.TopCount => entry.Count,
            MetricKind.TopError => entry.Error,
            _ => throw MetricBits.NotKept(query),
        };
    }

    public override void Release(byte* record)
    {
        State(record)->Range.Release(_blocks);
        *State(record) = default;
    }

    public override void Duplicate(byte* record) => State(record)->Range.Duplicate(_blocks);

    public override void Save(StateWriter writer, byte* record) => _sketch.Save(writer, in *State(record));

    public override void Load(StateReader reader, byte* record) => _sketch.Load(reader, ref *State(record));

    private TopState* State(byte* record) => (TopState*)(record + Offset);
}
