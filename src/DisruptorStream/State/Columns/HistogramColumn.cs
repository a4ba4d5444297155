using DisruptorStream.Aggregation.Metrics;
using DisruptorStream.Events;
using DisruptorStream.State.Columns.Values;

namespace DisruptorStream.State.Columns;

/// <summary>How many values fell into each bucket: up to and including a bound, and above the one before.</summary>
internal sealed unsafe class HistogramColumn<TReading> : Column
    where TReading : struct, IMeasureReading
{
    private readonly int _measureIndex;
    private readonly double[] _bounds;

    /// <param name="name">The column's name.</param>
    /// <param name="measureIndex">The measure.</param>
    /// <param name="bounds">Ascending; above the last there is one more bucket.</param>
    public HistogramColumn(string name, int measureIndex, IReadOnlyList<double> bounds)
        : base(name, (bounds.Count + 1) * sizeof(long), countsEvents: false)
    {
        _measureIndex = measureIndex;
        _bounds = [.. bounds];
    }

    public override void Initialize(byte* record) => new Span<long>(Counts(record), _bounds.Length + 1).Clear();

    public override void Accumulate(in EventView events, nint* records)
    {
        var measure = events.Measure(_measureIndex, out var strideBytes);
        var count = events.Count;
        for (nint index = 0; index < count; index++, measure += strideBytes)
        {
            var bits = *(long*)measure;
            if (!TReading.Skips(bits))
                Counts((byte*)records[index])[BucketOf(TReading.ToDouble(bits))]++;
        }
    }

    public override void Merge(byte* into, byte* later)
    {
        for (var bucket = 0; bucket <= _bounds.Length; bucket++)
            Counts(into)[bucket] += Counts(later)[bucket];
    }

    public override long Read(byte* record, in MetricQuery query) => Counts(record)[query.Index];

    private int BucketOf(double value)
    {
        var low = 0;
        var length = _bounds.Length;
        while (length > 0)
        {
            var half = length >> 1;
            if (_bounds[low + half] < value)
            {
                low += half + 1;
                length -= half + 1;
            }
            else
            {
                length = half;
            }
        }

        return low;
    }

    private long* Counts(byte* record) => (long*)(record + Offset);
}
