using System.Runtime.CompilerServices;
using DisruptorStream.Aggregation.Metrics;
using DisruptorStream.Events;
using DisruptorStream.Saving;
using DisruptorStream.State.Accumulators.Values;
using DisruptorStream.State.Memory;

namespace DisruptorStream.State.Accumulators.Sketches.Quantiles;

/// <summary>All percentiles of a measure, from one sketch.</summary>
internal sealed unsafe class QuantileAccumulator<TReading> : Accumulator
    where TReading : struct, IMeasureReading
{
    private const int ChunkEvents = 256;
    private const int BucketsPerMergedPane = 1024;

    private readonly int _measureIndex;
    private readonly BlockPool _blocks;
    private readonly RelativeBuckets _buckets;
    private readonly QuantileSketch _sketch;

    public QuantileAccumulator(AccumulatorIdentity identity, BlockPool blocks, double relativeError)
        : base(identity, sizeof(QuantileState), countsEvents: false)
    {
        _measureIndex = identity.Measure!.Index;
        _blocks = blocks;
        _buckets = new RelativeBuckets(relativeError);
        _sketch = new QuantileSketch(blocks, relativeError);
    }

    public override int MaxBlockBytes => 2 * _buckets.MaxBuckets * sizeof(long);

    public override int PanesPerMerge => _buckets.MaxBuckets / BucketsPerMergedPane;

    public override void Initialize(byte* record) => State(record) = default;

    public override void Accumulate(in EventView events, nint* records)
    {
        var measure = events.Measure(_measureIndex, out var strideBytes);
        var values = stackalloc double[ChunkEvents];
        var buckets = stackalloc int[ChunkEvents];
        for (var start = 0; start < events.Count; start += ChunkEvents)
        {
            var count = Math.Min(ChunkEvents, events.Count - start);
            for (var index = 0; index < (count & ~3); index += 4, measure += 4 * strideBytes)
            {
                values[index] = Read(measure);
                values[index + 1] = Read(measure + strideBytes);
                values[index + 2] = Read(measure + (2 * strideBytes));
                values[index + 3] = Read(measure + (3 * strideBytes));
            }

            for (var index = count & ~3; index < count; index++, measure += strideBytes)
                values[index] = Read(measure);

            _buckets.IndexesOf(values, count, buckets);
            Accumulate(values, buckets, count, records + start);
        }
    }

    public override void Merge(byte* into, byte* later) => _sketch.Merge(ref State(into), in State(later));

    public override int Prepare(byte* record) => _sketch.Prepare(in State(record));

    public override long Read(byte* record, in MetricQuery query) =>
        BitConverter.DoubleToInt64Bits(_sketch.Percentile(in State(record), query.Argument));

    public override void Release(byte* record) => _sketch.Release(ref State(record));

    public override void Duplicate(byte* record) => _sketch.Duplicate(ref State(record));

    public override void Save(StateWriter writer, byte* record) => _sketch.Save(writer, in State(record));

    public override void Load(StateReader reader, byte* record) => _sketch.Load(reader, ref State(record));

    /// <summary>A value, or NaN for one that is left out.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double Read(byte* measure)
    {
        var bits = *(long*)measure;
        return TReading.Skips(bits) ? double.NaN : TReading.ToDouble(bits);
    }

    /// <summary>Counts what falls into a bucket that is there; the sketch is asked only for the rest.</summary>
    private void Accumulate(double* values, int* buckets, int count, nint* records)
    {
        var slabs = _blocks.Slabs;
        for (nint index = 0; index < count; index++)
        {
            ref var state = ref State((byte*)records[index]);
            var bin = buckets[index] - state.Positive.First;
            if ((uint)bin < (uint)state.Positive.Length)
            {
                ((long*)BlockPool.At(slabs, state.Positive.Block))[bin]++;
                state.Span(values[index], values[index]);
            }
            else if ((uint)state.Values < (uint)Math.Min(state.Positive.Length, QuantileSketch.MaxValues)
                && !double.IsNaN(values[index]))
            {
                ((double*)BlockPool.At(slabs, state.Positive.Block))[state.Values++] = values[index];
            }
            else if (!double.IsNaN(values[index]))
            {
                _sketch.Add(ref state, values[index]);
                slabs = _blocks.Slabs;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref QuantileState State(byte* record) => ref *(QuantileState*)(record + Offset);
}
