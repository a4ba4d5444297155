using System.Runtime.CompilerServices;
using DisruptorStream.Aggregation.Metrics;
using DisruptorStream.Events;
using DisruptorStream.State.Columns.Values;
using DisruptorStream.State.Memory;

namespace DisruptorStream.State.Columns.Sketches.Quantiles;

/// <summary>All percentiles of a measure, from one sketch.</summary>
internal sealed unsafe class QuantileColumn<TReading> : Column
    where TReading : struct, IMeasureReading
{
    private readonly int _measureIndex;
    private readonly QuantileSketch _sketch;

    public QuantileColumn(string name, int measureIndex, BlockPool blocks, double relativeError)
        : base(name, sizeof(QuantileState), countsEvents: false)
    {
        _measureIndex = measureIndex;
        _sketch = new QuantileSketch(blocks, relativeError);
    }

    public override int MaxBlockBytes => 2 * BinStore.MaxBins * sizeof(long);

    public override void Initialize(byte* record) => State(record) = default;

    public override void Accumulate(in EventView events, nint* records)
    {
        var measure = events.Measure(_measureIndex, out var strideBytes);
        var count = events.Count;
        for (nint index = 0; index < count; index++, measure += strideBytes)
        {
            var bits = *(long*)measure;
            if (!TReading.Skips(bits))
                _sketch.Add(ref State((byte*)records[index]), TReading.ToDouble(bits));
        }
    }

    public override void Merge(byte* into, byte* later) => _sketch.Merge(ref State(into), in State(later));

    public override long Read(byte* record, in MetricQuery query) =>
        BitConverter.DoubleToInt64Bits(_sketch.Percentile(ref State(record), query.Argument));

    public override void Release(byte* record) => _sketch.Release(ref State(record));

    public override void Duplicate(byte* record) => _sketch.Duplicate(ref State(record));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref QuantileState State(byte* record) => ref *(QuantileState*)(record + Offset);
}
