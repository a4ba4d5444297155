using System.Runtime.CompilerServices;
using DisruptorStream.State.Memory;
using DisruptorStream.Statistics;

namespace DisruptorStream.State.Accumulators.Sketches.Quantiles;

/// <summary>DDSketch (Masson, Rim and Lee, VLDB 2019), over states that lie in records.</summary>
/// <remarks>
/// The first <see cref="MaxValues"/> values are kept as they are, so that small windows are exact and cost little
/// memory. What a state holds in the end depends on the values alone, not on their order or grouping.
/// </remarks>
internal sealed unsafe partial class QuantileSketch
{
    public const int MaxValues = NetworkSort.MaxValues;

    private const int BinsPerPane = 32;

    private readonly BlockPool _blocks;
    private readonly RelativeBuckets _buckets;
    private readonly BinStore _bins;
    private readonly ValueList _values;
    private double* _sorted;
    private long _negatives;
    private long _total;

    public QuantileSketch(BlockPool blocks, double relativeError)
    {
        _blocks = blocks;
        _buckets = new RelativeBuckets(relativeError);
        _bins = new BinStore(blocks, _buckets.MaxBuckets);
        _values = new ValueList(blocks);
    }

    public void Add(ref QuantileState state, double value)
    {
        if (state.Values == QuantileState.IsSketch && value >= RelativeBuckets.MinValue)
        {
            state.Span(value, value);
            _bins.Increment(ref state.Positive, _buckets.IndexOf(value));
        }
        else
        {
            AddOther(ref state, value);
        }
    }

    public void Merge(ref QuantileState into, in QuantileState later)
    {
        if (later.Values != QuantileState.IsSketch)
        {
            foreach (var value in _values.ValuesOf(later.Positive, later.Values))
                Add(ref into, value);
            return;
        }

        if (into.Values == 0)
        {
            Release(ref into);
            into = later;
            Duplicate(ref into);
            return;
        }

        if (into.Values != QuantileState.IsSketch)
            BecomeSketch(ref into);
        _bins.Merge(ref into.Positive, in later.Positive);
        _bins.Merge(ref into.Negative, in later.Negative);
        into.Zeros += later.Zeros;
        into.Span(later.Min, later.Max);
    }

    /// <summary>Readies the state's percentiles; returns what that costs, in panes.</summary>
    public int Prepare(in QuantileState state)
    {
        if (state.Values > 0)
        {
            _sorted = _values.Sort(in state.Positive, state.Values);
            return ValueList.SortCost(state.Values);
        }

        _negatives = _bins.Total(in state.Negative);
        _total = _negatives + state.Zeros + _bins.Total(in state.Positive);
        return (state.Positive.Length + state.Negative.Length) / BinsPerPane;
    }

    /// <summary>The percentile of what was prepared last, or NaN without values.</summary>
    /// <param name="state">The state.</param>
    /// <param name="percentile">0 to 100.</param>
    public double Percentile(in QuantileState state, double percentile)
    {
        if (state.Values == 0)
            return double.NaN;
        if (state.Values > 0)
            return _sorted[PercentileRank.Of(percentile, state.Values)];

        var rank = PercentileRank.Of(percentile, _total);
        if (rank == 0)
            return state.Min;

        // What stands for a bucket may lie beyond the last value in it.
        return rank == _total - 1 ? state.Max : Math.Clamp(ValueAt(in state, rank), state.Min, state.Max);
    }

    public void Release(ref QuantileState state)
    {
        if (state.Values > 0)
            _values.NoteLength(state.Values);
        state.Positive.Release(_blocks);
        state.Negative.Release(_blocks);
        state = default;
    }

    /// <summary>Gives a copied state blocks of its own.</summary>
    public void Duplicate(ref QuantileState state)
    {
        state.Positive.Duplicate(_blocks);
        state.Negative.Duplicate(_blocks);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void AddOther(ref QuantileState state, double value)
    {
        if (state.Values >= 0)
        {
            if (state.Values < MaxValues)
            {
                _values.Add(ref state.Positive, state.Values++, value);
                return;
            }

            BecomeSketch(ref state);
        }

        AddToSketch(ref state, value);
    }

    private void AddToSketch(ref QuantileState state, double value)
    {
        state.Span(value, value);
        var magnitude = Math.Abs(value);
        if (magnitude < RelativeBuckets.MinValue)
            state.Zeros++;
        else if (value > 0)
            _bins.Increment(ref state.Positive, _buckets.IndexOf(magnitude));
        else
            _bins.Increment(ref state.Negative, _buckets.IndexOf(magnitude));
    }

    private void BecomeSketch(ref QuantileState state)
    {
        _values.NoteLength(state.Values);
        var kept = state.Positive;
        var values = _values.ValuesOf(kept, state.Values);
        state.Positive = default;
        state.Values = QuantileState.IsSketch;
        (state.Min, state.Max) = (double.PositiveInfinity, double.NegativeInfinity);
        Reserve(ref state, values);
        foreach (var value in values)
            AddToSketch(ref state, value);
        kept.Release(_blocks);
    }

    /// <summary>Makes room for all positive values at once, rather than growing step by step.</summary>
    private void Reserve(ref QuantileState state, ReadOnlySpan<double> values)
    {
        var (low, high) = (double.PositiveInfinity, 0d);
        foreach (var value in values)
        {
            if (value >= RelativeBuckets.MinValue)
                (low, high) = (Math.Min(low, value), Math.Max(high, value));
        }

        if (high > 0)
            _bins.Reserve(ref state.Positive, _buckets.IndexOf(low), _buckets.IndexOf(high));
    }

    private double ValueAt(in QuantileState state, long rank)
    {
        if (rank < _negatives)
            return -ValueAt(in state.Negative, _negatives - 1 - rank);
        rank -= _negatives;
        return rank < state.Zeros ? 0 : ValueAt(in state.Positive, rank - state.Zeros);
    }

    private double ValueAt(in BlockRange range, long rank)
    {
        var counts = _bins.CountsOf(in range);
        var index = 0;
        for (; index < counts.Length - 1 && rank >= counts[index]; index++)
            rank -= counts[index];
        return _buckets.ValueOf(range.First + index);
    }
}
