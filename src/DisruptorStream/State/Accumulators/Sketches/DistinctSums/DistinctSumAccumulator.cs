using DisruptorStream.Aggregation.Metrics;
using DisruptorStream.Events;
using DisruptorStream.Saving;
using DisruptorStream.State.Accumulators.Sketches.Weights;
using DisruptorStream.State.Accumulators.Values;
using DisruptorStream.State.Memory;

namespace DisruptorStream.State.Accumulators.Sketches.DistinctSums;

/// <summary>The sum, over the different values of a measure, of the largest weight that each came with.</summary>
internal sealed unsafe class DistinctSumAccumulator<TReading, TWeights> : Accumulator
    where TReading : struct, IMeasureReading
    where TWeights : struct, IWeights
{
    private readonly int _measureIndex;
    private readonly int _weightIndex;
    private readonly BlockPool _blocks;
    private readonly NegativeWeights _negative;
    private readonly DistinctSumSketch _sketch;

    public DistinctSumAccumulator(
        AccumulatorIdentity identity, BlockPool blocks, int precision, NegativeWeights negative)
        : base(identity, sizeof(DistinctSumState), countsEvents: false)
    {
        _measureIndex = identity.Measure!.Index;
        _weightIndex = identity.By!.Index;
        _blocks = blocks;
        _negative = negative;
        _sketch = new DistinctSumSketch(blocks, precision);
    }

    public override int MaxBlockBytes => _sketch.MaxBytes;

    public override int PanesPerMerge => _sketch.PanesPerMerge;

    public override void Initialize(byte* record) =>
        *State(record) = new DistinctSumState { Threshold = double.PositiveInfinity };

    public override void Accumulate(in EventView events, nint* records)
    {
        var measure = events.Measure(_measureIndex, out var strideBytes);
        var weights = events.Measure(_weightIndex, out var weightStrideBytes);
        var count = events.Count;
        for (nint index = 0; index < count; index++, measure += strideBytes, weights += weightStrideBytes)
        {
            var (bits, weight) = (*(long*)measure, *(long*)weights);
            if (TReading.Skips(bits))
                continue;
            if (TWeights.Counts(weight))
                _sketch.Add(ref *State((byte*)records[index]), bits, TWeights.ToDouble(weight));
            else if (TWeights.IsNegative(weight))
                _negative.Note();
        }
    }

    public override void Merge(byte* into, byte* later) => _sketch.Merge(ref *State(into), in *State(later));

    public override int Prepare(byte* record) => DistinctSumSketch.SumCost(in *State(record));

    public override long Read(byte* record, in MetricQuery query) =>
        BitConverter.DoubleToInt64Bits(_sketch.Sum(ref *State(record)));

    public override void Release(byte* record)
    {
        State(record)->Range.Release(_blocks);
        Initialize(record);
    }

    public override void Duplicate(byte* record) => State(record)->Range.Duplicate(_blocks);

    public override void Save(StateWriter writer, byte* record) => _sketch.Save(writer, ref *State(record));

    public override void Load(StateReader reader, byte* record) => _sketch.Load(reader, ref *State(record));

    private DistinctSumState* State(byte* record) => (DistinctSumState*)(record + Offset);
}
