using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using DisruptorStream.Aggregation.Metrics;
using DisruptorStream.Events;
using DisruptorStream.State.Accumulators.Values;

namespace DisruptorStream.State.Accumulators;

/// <summary>How many values fell into each bucket: up to and including a bound, and above the one before.</summary>
internal sealed unsafe class HistogramAccumulator<TReading> : Accumulator
    where TReading : struct, IMeasureReading
{
    private readonly int _measureIndex;
    private readonly int _buckets;
    private readonly double[] _padded;

    /// <param name="identity">What it is.</param>
    /// <param name="bounds">Ascending; above the last there is one more bucket.</param>
    public HistogramAccumulator(AccumulatorIdentity identity, IReadOnlyList<double> bounds)
        : base(identity, (bounds.Count + 1) * sizeof(long), countsEvents: false)
    {
        _measureIndex = identity.Measure!.Index;
        _buckets = bounds.Count + 1;
        _padded = new double[(bounds.Count + Vector256<double>.Count - 1) & -Vector256<double>.Count];
        Array.Fill(_padded, double.PositiveInfinity);
        for (var index = 0; index < bounds.Count; index++)
            _padded[index] = bounds[index];
    }

    public override void Initialize(byte* record) => new Span<long>(Counts(record), _buckets).Clear();

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
        for (var bucket = 0; bucket < _buckets; bucket++)
            Counts(into)[bucket] += Counts(later)[bucket];
    }

    public override long Read(byte* record, in MetricQuery query) => Counts(record)[query.Index];

    /// <summary>How many bounds lie below the value: no branch that a processor would have to guess.</summary>
    private int BucketOf(double value)
    {
        var values = Vector256.Create(value);
        ref var bounds = ref MemoryMarshal.GetArrayDataReference(_padded);
        var below = 0;
        for (nuint index = 0; index < (nuint)_padded.Length; index += (nuint)Vector256<double>.Count)
        {
            var isBelow = Vector256.LessThan(Vector256.LoadUnsafe(ref bounds, index), values);
            below += BitOperations.PopCount(isBelow.ExtractMostSignificantBits());
        }

        return below;
    }

    private long* Counts(byte* record) => (long*)(record + Offset);
}
