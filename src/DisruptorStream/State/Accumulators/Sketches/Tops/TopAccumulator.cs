using DisruptorStream.Aggregation;
using DisruptorStream.Aggregation.Metrics;
using DisruptorStream.Events;
using DisruptorStream.Saving;
using DisruptorStream.State.Accumulators.Sketches.Weights;
using DisruptorStream.State.Accumulators.Values;
using DisruptorStream.State.Memory;

namespace DisruptorStream.State.Accumulators.Sketches.Tops;

/// <summary>The values of a measure that came most often, or that weigh most by another measure.</summary>
/// <remarks>A sum of weights that does not fit fails the record.</remarks>
internal sealed unsafe class TopAccumulator<TReading, TWeights> : Accumulator
    where TReading : struct, IMeasureReading
    where TWeights : struct, IWeights
{
    private readonly MeasureDefinition _measure;
    private readonly int _weightIndex;
    private readonly BlockPool _blocks;
    private readonly FailureMarks _marks;
    private readonly NegativeWeights _negative;
    private readonly TopSketch<TWeights> _sketch;

    public TopAccumulator(AccumulatorIdentity identity, AccumulatorContext context, int capacity)
        : base(identity, sizeof(TopState), countsEvents: false)
    {
        _measure = identity.Measure!;
        _weightIndex = (identity.By ?? _measure).Index;
        _blocks = context.Blocks;
        _marks = context.Marks;
        _negative = context.Negative;
        _sketch = new TopSketch<TWeights>(_blocks, capacity);
    }

    public override int MaxBlockBytes => _sketch.MaxBytes;

    public override int PanesPerMerge => _sketch.PanesPerMerge;

    public override void Initialize(byte* record) => *State(record) = default;

    public override void Accumulate(in EventView events, nint* records)
    {
        var next = 0;
        while (next < events.Count)
        {
            try
            {
                AccumulateFrom(ref next, in events, records);
            }
            catch (OverflowException exception)
            {
                Fail((byte*)records[next], exception);
                next++;
            }
        }
    }

    public override void Merge(byte* into, byte* later)
    {
        try
        {
            _sketch.Merge(ref *State(into), in *State(later));
        }
        catch (OverflowException exception)
        {
            Fail(into, exception);
        }
    }

    public override int Prepare(byte* record) => _sketch.Prepare(in *State(record));

    public override long Read(byte* record, in MetricQuery query)
    {
        if (!_sketch.TryFind(in *State(record), query.Index, out var entry))
            return query.Kind == MetricKind.TopValue ? MetricBits.Missing(_measure.Type) : 0;
        return query.Kind switch
        {
            MetricKind.TopValue => entry.Value,
            MetricKind.TopCount => entry.Weight,
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

    private void AccumulateFrom(ref int next, in EventView events, nint* records)
    {
        var measure = events.Measure(_measure.Index, out var strideBytes) + (next * strideBytes);
        var weights = events.Measure(_weightIndex, out var weightStrideBytes) + (next * weightStrideBytes);
        var count = events.Count;
        for (; next < count; next++, measure += strideBytes, weights += weightStrideBytes)
        {
            var (bits, weight) = (*(long*)measure, *(long*)weights);
            if (TReading.Skips(bits))
                continue;
            if (TWeights.Counts(weight))
                _sketch.Add(ref *State((byte*)records[next]), bits, TWeights.Of(weight));
            else if (TWeights.IsNegative(weight))
                _negative.Note();
        }
    }

    private void Fail(byte* record, OverflowException exception)
    {
        if (!_marks.HasFailed(record))
            _marks.FailFold(record, TooLarge(exception));
    }

    private OverflowException TooLarge(OverflowException exception) => new(
        $"The weights '{Identity.By!.Name}' of a value of '{_measure.Name}' sum to more than 64 bits hold; declare the "
        + "weight as a double, or scale it.",
        exception);

    private TopState* State(byte* record) => (TopState*)(record + Offset);
}
