using DisruptorStream.Aggregation;
using DisruptorStream.Aggregation.Metrics;
using DisruptorStream.Events;

namespace DisruptorStream.State.Accumulators.Customs;

/// <summary>That of a user's aggregate over several measures.</summary>
internal sealed unsafe class CustomEventAccumulator<TAggregate, TState> : GuardedAccumulator<TState>
    where TAggregate : struct, IEventAggregate<TState>
    where TState : unmanaged
{
    private readonly int[] _places;
    private readonly MeasureType[] _types;
    private readonly double[] _results;
    private readonly bool _skipsNonFinite;

    /// <param name="identity">What it is.</param>
    /// <param name="results">How many results it has.</param>
    /// <param name="marks">Where a record says that it has failed.</param>
    public CustomEventAccumulator(AccumulatorIdentity identity, int results, FailureMarks marks)
        : base(identity, marks)
    {
        MeasureDefinition[] measures = [.. identity.Measures];
        _places = Array.ConvertAll(measures, measure => measure.Index);
        _types = Array.ConvertAll(measures, measure => measure.Type);
        _results = new double[results];
        _skipsNonFinite = identity.SkipsNonFinite;
    }

    public override bool IsPrepared => true;

    public override void Initialize(byte* record) => State(record) = TAggregate.Initial;

    public override int Prepare(byte* record)
    {
        Array.Fill(_results, double.NaN);
        TAggregate.Result(in State(record), _results);
        return 0;
    }

    public override long Read(byte* record, in MetricQuery query) =>
        BitConverter.DoubleToInt64Bits(_results[query.Index]);

    protected override void Combine(ref TState into, ref TState later) =>
        TAggregate.Merge(ref into, in later);

    protected override void AccumulateFrom(ref int next, in EventView events, nint* records)
    {
        Span<long> all = stackalloc long[MeasureLimit.Count];
        var bits = all[.._places.Length];
        var further = events.FurtherMeasures + ((nint)next * events.FurtherMeasureCount);
        var mayHaveFailed = MayHaveFailed;
        for (; next < events.Count; next++, further += events.FurtherMeasureCount)
        {
            var slot = events.Slots + next;
            var record = (byte*)records[next];
            if (!TryRead(slot, further, bits) || (mayHaveFailed && HasFailed(record)))
                continue;

            var values = new MeasureValues(bits, _types, slot->TimestampTicks, events.SequenceOf(next));
            TAggregate.Accumulate(ref State(record), in values);
        }
    }

    /// <summary>Reads the measures; false where one of them is left out.</summary>
    private bool TryRead(EventSlot* slot, long* further, Span<long> bits)
    {
        var types = _types;
        var places = _places;
        for (var index = 0; index < bits.Length; index++)
        {
            var value = places[index] == 0 ? slot->Measure : further[places[index] - 1];
            bits[index] = value;
            if (types[index] == MeasureType.Symbol && value == SymbolTable.None)
                return false;
            if (_skipsNonFinite && types[index] == MeasureType.Double
                && !double.IsFinite(BitConverter.Int64BitsToDouble(value)))
            {
                return false;
            }
        }

        return true;
    }
}
