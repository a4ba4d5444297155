using DisruptorStream.Aggregation;
using DisruptorStream.Aggregation.Metrics;
using DisruptorStream.Events;
using DisruptorStream.Saving;
using DisruptorStream.State.Accumulators.Values;
using DisruptorStream.State.Memory;
using DisruptorStream.Statistics;

namespace DisruptorStream.State.Accumulators.Sketches.Quantiles;

/// <summary>All values of a measure, for exact percentiles; one too many fails the record.</summary>
internal sealed unsafe class ExactAccumulator<TReading> : Accumulator
    where TReading : struct, IMeasureReading
{
    private readonly MeasureDefinition _measure;
    private readonly int _maxValues;
    private readonly ValueList _values;
    private readonly BlockPool _blocks;
    private readonly FailureMarks _marks;
    private double* _sorted;

    public ExactAccumulator(AccumulatorIdentity identity, BlockPool blocks, int maxValues, FailureMarks marks)
        : base(identity, sizeof(QuantileState), countsEvents: false)
    {
        _measure = identity.Measure!;
        _maxValues = maxValues;
        _values = new ValueList(blocks);
        _blocks = blocks;
        _marks = marks;
    }

    public override int MaxBlockBytes => ValueList.BytesFor(_maxValues);

    public override int PanesPerMerge => Math.Max(1, _maxValues / 64);

    public override void Initialize(byte* record) => *State(record) = default;

    public override void Accumulate(in EventView events, nint* records)
    {
        var measure = events.Measure(_measure.Index, out var strideBytes);
        var count = events.Count;
        for (nint index = 0; index < count; index++, measure += strideBytes)
        {
            var bits = *(long*)measure;
            if (!TReading.Skips(bits))
                Add((byte*)records[index], TReading.ToDouble(bits));
        }
    }

    public override void Merge(byte* into, byte* later)
    {
        foreach (var value in _values.ValuesOf(State(later)->Positive, State(later)->Values))
            Add(into, value);
    }

    public override int Prepare(byte* record)
    {
        var state = State(record);
        if (state->Values > 0)
            _sorted = _values.Sort(in state->Positive, state->Values);
        return ValueList.SortCost(state->Values);
    }

    public override long Read(byte* record, in MetricQuery query)
    {
        var count = State(record)->Values;
        return count == 0
            ? MetricBits.NaN
            : BitConverter.DoubleToInt64Bits(_sorted[PercentileRank.Of(query.Argument, count)]);
    }

    public override void Release(byte* record)
    {
        State(record)->Positive.Release(_blocks);
        State(record)->Values = 0;
    }

    public override void Duplicate(byte* record) => State(record)->Positive.Duplicate(_blocks);

    public override void Save(StateWriter writer, byte* record) =>
        _values.Save(writer, in State(record)->Positive, State(record)->Values);

    public override void Load(StateReader reader, byte* record) =>
        _values.Load(reader, ref State(record)->Positive, ref State(record)->Values, _maxValues);

    private void Add(byte* record, double value)
    {
        var state = State(record);
        if (state->Values < _maxValues)
            _values.Add(ref state->Positive, state->Values++, value);
        else if (!_marks.HasFailed(record))
            _marks.FailFold(record, TooManyValues());
    }

    private InvalidOperationException TooManyValues() => new(
        $"An exact percentile of the measure '{_measure.Name}' keeps at most {_maxValues} values for each key and "
        + "window, and here were more; raise PercentileMode.ExactUpTo, take a sketch, or use smaller windows.");

    private QuantileState* State(byte* record) => (QuantileState*)(record + Offset);
}
