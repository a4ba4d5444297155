using System.Runtime.CompilerServices;
using DisruptorStream.Aggregation.Metrics;
using DisruptorStream.Events;
using DisruptorStream.Saving;
using DisruptorStream.State.Accumulators.Values;
using DisruptorStream.State.Memory;

namespace DisruptorStream.State.Accumulators.Sketches;

/// <summary>How many different values a measure had.</summary>
internal sealed unsafe class DistinctAccumulator<TReading> : Accumulator
    where TReading : struct, IMeasureReading
{
    private readonly int _measureIndex;
    private readonly BlockPool _blocks;
    private readonly DistinctSketch _sketch;

    public DistinctAccumulator(AccumulatorIdentity identity, BlockPool blocks, int precision)
        : base(identity, (sizeof(DistinctState) + 7) & ~7, countsEvents: false)
    {
        _measureIndex = identity.Measure!.Index;
        _blocks = blocks;
        _sketch = new DistinctSketch(blocks, precision);
    }

    public override int MaxBlockBytes => _sketch.MaxBytes;

    public override int PanesPerMerge => _sketch.PanesPerMerge;

    public override void Initialize(byte* record) => State(record) = default;

    public override void Accumulate(in EventView events, nint* records)
    {
        var measure = events.Measure(_measureIndex, out var strideBytes);
        var count = events.Count;
        for (nint index = 0; index < count; index++, measure += strideBytes)
        {
            var bits = *(long*)measure;
            if (!TReading.Skips(bits))
                _sketch.Add(ref State((byte*)records[index]), bits);
        }
    }

    public override void Merge(byte* into, byte* later) => _sketch.Merge(ref State(into), in State(later));

    public override int Prepare(byte* record) => _sketch.CountCost(in State(record));

    public override long Read(byte* record, in MetricQuery query) => _sketch.Count(in State(record));

    public override void Release(byte* record)
    {
        State(record).Range.Release(_blocks);
        State(record) = default;
    }

    public override void Duplicate(byte* record) => State(record).Range.Duplicate(_blocks);

    public override void Save(StateWriter writer, byte* record) => _sketch.Save(writer, in State(record));

    public override void Load(StateReader reader, byte* record) => _sketch.Load(reader, ref State(record));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref DistinctState State(byte* record) => ref *(DistinctState*)(record + Offset);
}
