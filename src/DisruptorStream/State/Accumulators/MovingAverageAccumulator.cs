using DisruptorStream.Aggregation.Metrics;
using DisruptorStream.Events;
using DisruptorStream.State.Accumulators.Values;
using DisruptorStream.Statistics;

namespace DisruptorStream.State.Accumulators;

/// <summary>An exponential moving average over the events of a slice or window, in slot order.</summary>
/// <remarks>
/// The average that begins with the first value is what it would be without a beginning, plus the first value times
/// what is left of its weight: weighted sum and remaining weight are kept apart, so that slices can be merged. It is
/// then that of the slices in order of time, each in the order of publication.
/// </remarks>
internal sealed unsafe class MovingAverageAccumulator<TReading> : Accumulator
    where TReading : struct, IMeasureReading
{
    private readonly int _measureIndex;
    private readonly double _alpha;

    public MovingAverageAccumulator(AccumulatorIdentity identity, double alpha)
        : base(identity, sizeof(Average), countsEvents: false)
    {
        _measureIndex = identity.Measure!.Index;
        _alpha = alpha;
    }

    public override void Initialize(byte* record) => *State(record) = new Average { First = double.NaN, Remaining = 1 };

    public override void Accumulate(in EventView events, nint* records)
    {
        var measure = events.Measure(_measureIndex, out var strideBytes);
        var alpha = _alpha;
        for (var index = 0; index < events.Count; index++, measure += strideBytes)
        {
            var bits = *(long*)measure;
            if (TReading.Skips(bits))
                continue;

            var state = State((byte*)records[index]);
            var value = TReading.ToDouble(bits);
            if (double.IsNaN(state->First))
                state->First = value;
            state->Weighted = ExponentialMovingAverage.Moved(state->Weighted, value, alpha);
            state->Remaining *= 1 - alpha;
        }
    }

    public override void Merge(byte* into, byte* later)
    {
        var state = State(into);
        var other = State(later);
        if (double.IsNaN(other->First))
            return;

        if (double.IsNaN(state->First))
        {
            *state = *other;
            return;
        }

        state->Weighted = other->Weighted + (other->Remaining * state->Weighted);
        state->Remaining *= other->Remaining;
    }

    public override long Read(byte* record, in MetricQuery query)
    {
        var state = State(record);
        return double.IsNaN(state->First)
            ? MetricBits.NaN
            : BitConverter.DoubleToInt64Bits(state->Weighted + (state->Remaining * state->First));
    }

    private Average* State(byte* record) => (Average*)(record + Offset);

    private struct Average
    {
        /// <summary>The first value; NaN while there is none.</summary>
        public double First;

        /// <summary>The average as if it had begun at 0.</summary>
        public double Weighted;

        /// <summary>The weight that what came before still has.</summary>
        public double Remaining;
    }
}
