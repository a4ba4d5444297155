using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using DisruptorStream.Aggregation.Metrics;
using DisruptorStream.Events;
using DisruptorStream.State.Accumulators.Values;
using DisruptorStream.State.Memory;

namespace DisruptorStream.State.Accumulators.Moments;

/// <summary>
/// Count, sum, minimum and maximum of a double measure in one 256-bit vector: (count, sum, -min, max).
/// </summary>
/// <remarks>
/// One load, one add, one maximum and one store per event. The minimum is kept negated so that one maximum serves both.
/// The count is an exact integer in a double below 2^53. Without AVX the same arithmetic runs lane by lane: same bits.
/// </remarks>
internal unsafe class MomentsAccumulator<TReading> : Accumulator
    where TReading : struct, IMeasureReading
{
    private const int RecordsAhead = 32;

    private readonly int _measureIndex;

    public MomentsAccumulator(AccumulatorIdentity identity, bool countsEvents)
        : this(identity, countsEvents, Vector256<byte>.Count)
    {
    }

    protected MomentsAccumulator(AccumulatorIdentity identity, bool countsEvents, int sizeBytes)
        : base(identity, sizeBytes, countsEvents) => _measureIndex = identity.Measure!.Index;

    public override bool IsVector => true;

    public override bool FindsRecords => Avx.IsSupported;

    /// <summary>Which of an event's measures it takes.</summary>
    public int MeasureIndex => _measureIndex;

    public override void Initialize(byte* record)
    {
        var lanes = Lanes(record);
        lanes[0] = 0;
        lanes[1] = 0;
        lanes[2] = double.NegativeInfinity;
        lanes[3] = double.NegativeInfinity;
    }

    public override void Accumulate(in EventView events, nint* records)
    {
        if (Avx.IsSupported)
            AccumulateVector(in events, records);
        else
            AccumulateLanes(in events, records);
    }

    /// <summary>Keeps the state in a register: the next event need not wait until it is in memory.</summary>
    public override void AccumulateOne(in EventView events, nint* records)
    {
        if (Avx.IsSupported)
            AccumulateVectorOfOne(in events, (double*)(*records + Offset));
        else
            AccumulateLanes(in events, records);
    }

    /// <summary>Alone, or its counters end up in memory.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public override int AccumulateInto(in KeyArray keys, in EventView events)
    {
        var measure = events.Measure(_measureIndex, out var strideBytes);
        var slot = events.Slots;
        var end = slot + events.Count;
        var ahead = events.NextBytes;
        var last = end - 1;
        var records = keys.Records + Offset;
        var recordBytes = keys.RecordBytes;
        var marks = keys.Marks;
        var range = keys.Range;
        var isFull = keys.IsFull;
        for (; slot < end; slot++, measure += strideBytes)
        {
            // What comes next is asked for here and there, while this waits for records, and not all at once.
            Sse.Prefetch0((byte*)slot + ahead);
            var keyId = (uint)slot->KeyId;
            if (keyId >= range)
                break;
            var lead = slot + RecordsAhead;
            lead = lead < last ? lead : last;
            Sse.Prefetch0(records + ((nint)(uint)lead->KeyId * recordBytes));
            if (!isFull)
            {
                marks[keyId] = 1;
                Sse.Prefetch0(marks + (uint)lead->KeyId);
            }

            if (TReading.Skips(*(long*)measure))
                continue;

            var record = (double*)(records + ((nint)keyId * recordBytes));
            MomentsStep.Fold(record, Avx.BroadcastScalarToVector256((double*)measure));
        }

        return (int)(slot - events.Slots);
    }

    /// <summary>Without a branch on the time: which events are late, no processor guesses.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public override int AccumulateInto(in KeyArray keys, in KeyArray olderKeys, long split, in EventView events)
    {
        var measure = events.Measure(_measureIndex, out var strideBytes);
        var slot = events.Slots;
        var end = slot + events.Count;
        var ahead = events.NextBytes;
        var last = end - 1;
        var records = keys.Records + Offset;
        var marks = keys.Marks;
        var range = keys.Range;
        var recordBytes = keys.RecordBytes;
        var toOlderRecords = (nint)(olderKeys.Records - keys.Records);
        var toOlderMarks = (nint)(olderKeys.Marks - marks);
        var toOlderRange = olderKeys.Range - range;
        for (; slot < end; slot++, measure += strideBytes)
        {
            Sse.Prefetch0((byte*)slot + ahead);
            var older = (nint)((slot->TimestampTicks - split) >> 63);
            var keyId = (uint)slot->KeyId;
            if (keyId >= unchecked(range + (toOlderRange & (uint)older)))
                break;
            marks[(toOlderMarks & older) + (nint)keyId] = 1;
            var lead = slot + RecordsAhead;
            lead = lead < last ? lead : last;
            var leadKey = (nint)(uint)lead->KeyId;
            var leadOlder = (nint)((lead->TimestampTicks - split) >> 63);
            Sse.Prefetch0(records + (toOlderRecords & leadOlder) + (leadKey * recordBytes));
            Sse.Prefetch0(marks + (toOlderMarks & leadOlder) + leadKey);
            if (TReading.Skips(*(long*)measure))
                continue;

            var record = (double*)(records + (toOlderRecords & older) + ((nint)keyId * recordBytes));
            MomentsStep.Fold(record, Avx.BroadcastScalarToVector256((double*)measure));
        }

        return (int)(slot - events.Slots);
    }

    public override void Merge(byte* into, byte* later)
    {
        if (Avx.IsSupported)
            MergeVector(into, later);
        else
            MergeLanes(into, later);
    }

    public override long Read(byte* record, in MetricQuery query)
    {
        var lanes = Lanes(record);
        return query.Kind switch
        {
            MetricKind.Count => (long)lanes[0],
            MetricKind.Sum => BitConverter.DoubleToInt64Bits(lanes[1]),
            MetricKind.Average => MetricBits.Quotient(lanes[1], lanes[0]),
            _ when lanes[0] == 0 => MetricBits.NaN,
            MetricKind.Min => BitConverter.DoubleToInt64Bits(-lanes[2]),
            MetricKind.Range => BitConverter.DoubleToInt64Bits(lanes[3] + lanes[2]),
            MetricKind.Max => BitConverter.DoubleToInt64Bits(lanes[3]),
            _ => throw MetricBits.NotKept(query),
        };
    }

    public override void ReadEach(nint* records, int count, in MetricQuery query, ref long values, nint stride)
    {
        switch (query.Kind)
        {
            case MetricKind.Count:
                for (nint index = 0; index < count; index++)
                    Unsafe.Add(ref values, index * stride) = (long)Lanes((byte*)records[index])[0];
                break;
            case MetricKind.Sum:
                ReadLanes(records, count, 1, 0, ref values, stride);
                break;
            case MetricKind.Average:
                for (nint index = 0; index < count; index++)
                {
                    var lanes = Lanes((byte*)records[index]);
                    Unsafe.Add(ref values, index * stride) = MetricBits.Quotient(lanes[1], lanes[0]);
                }

                break;
            case MetricKind.Min:
                ReadLanes(records, count, 2, long.MinValue, ref values, stride);
                break;
            case MetricKind.Max:
                ReadLanes(records, count, 3, 0, ref values, stride);
                break;
            default:
                base.ReadEach(records, count, in query, ref values, stride);
                break;
        }
    }

    public override void ReadRows(nint* records, int count, ReadOnlySpan<MetricQuery> queries, Span<long> values)
    {
        var places = stackalloc nint[queries.Length];
        for (var index = 0; index < queries.Length; index++)
            places[index] = PlaceOf(queries[index].Kind);
        if (!Avx.IsSupported || new Span<nint>(places, queries.Length).Contains(-1))
        {
            base.ReadRows(records, count, queries, values);
            return;
        }

        fixed (long* first = values)
            ReadRows(records, count, places, queries.Length, first);
    }

    /// <summary>The kernel for processors with AVX. Alone, or its counters end up in memory.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal void AccumulateVector(in EventView events, nint* records)
    {
        var measure = events.Measure(_measureIndex, out var strideBytes);
        var count = events.Count;
        var offset = Offset;
        for (nint index = 0; index < count; index++, measure += strideBytes)
        {
            if (TReading.Skips(*(long*)measure))
                continue;

            var record = (double*)(records[index] + offset);
            MomentsStep.Fold(record, Avx.BroadcastScalarToVector256((double*)measure));
        }
    }

    /// <summary>Where a metric lies among the readings of a record; -1 for one that is none of them.</summary>
    private static int PlaceOf(MetricKind kind) => kind switch
    {
        MetricKind.Count => 0,
        MetricKind.Sum => 1,
        MetricKind.Min => 2,
        MetricKind.Max => 3,
        MetricKind.Average => 4,
        MetricKind.Range => 5,
        _ => -1,
    };

    /// <summary>Each record is looked at once, and each of its readings made whether it is asked for or not.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ReadRows(nint* records, int count, nint* places, int width, long* row)
    {
        var negate = Vector256.Create(0d, 0d, -0d, 0d);
        var readings = stackalloc double[8];
        for (nint index = 0; index < count; index++, row += width)
        {
            var lanes = Lanes((byte*)records[index]);
            var counted = lanes[0];
            Avx.Store(readings, Avx.Xor(Avx.LoadVector256(lanes), negate));
            *(long*)readings = (long)counted;
            readings[4] = lanes[1] / counted;
            readings[5] = lanes[3] + lanes[2];
            if (counted == 0)
                new Span<long>(readings + 2, 4).Fill(MetricBits.NaN);
            for (nint metric = 0; metric < width; metric++)
                row[metric] = ((long*)readings)[places[metric]];
        }
    }

    /// <summary>
    /// The bits of a lane, some of them flipped; NaN for an extreme of nothing, which is an infinity in its lane.
    /// </summary>
    private void ReadLanes(nint* records, int count, int lane, long flip, ref long values, nint stride)
    {
        for (nint index = 0; index < count; index++)
        {
            var lanes = Lanes((byte*)records[index]);
            var bits = ((long*)lanes)[lane] ^ flip;
            Unsafe.Add(ref values, index * stride) = lanes[0] == 0 && lane != 1 ? MetricBits.NaN : bits;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void AccumulateVectorOfOne(in EventView events, double* record)
    {
        var measure = events.Measure(_measureIndex, out var strideBytes);
        var slot = (byte*)events.Slots + events.NextBytes;
        var count = events.Count;

        // Two chains, put together at the end: each lane sees the operations that it sees above.
        var added = Avx.LoadVector256(record);
        var extreme = added;
        for (nint index = 0; index < count; index++, measure += strideBytes, slot += EventSlot.SizeBytes)
        {
            // What comes next: the pass that checks it waits for it otherwise.
            Sse.Prefetch0(slot);
            if (TReading.Skips(*(long*)measure))
                continue;

            var value = Avx.BroadcastScalarToVector256((double*)measure);
            added = MomentsStep.Added(added, value);
            extreme = MomentsStep.Extreme(extreme, value);
        }

        MomentsStep.Store(record, added, extreme);
    }

    /// <summary>The kernel for processors without AVX.</summary>
    internal void AccumulateLanes(in EventView events, nint* records)
    {
        var measure = events.Measure(_measureIndex, out var strideBytes);
        var count = events.Count;
        for (nint index = 0; index < count; index++, measure += strideBytes)
        {
            if (TReading.Skips(*(long*)measure))
                continue;

            AddLanes(Lanes((byte*)records[index]), *(double*)measure);
        }
    }

    internal void MergeVector(byte* into, byte* later)
    {
        var state = Avx.LoadVector256(Lanes(into));
        var other = Avx.LoadVector256(Lanes(later));
        MomentsStep.Store(Lanes(into), Avx.Add(state, other), Avx.Max(state, other));
    }

    internal void MergeLanes(byte* into, byte* later)
    {
        var state = Lanes(into);
        var other = Lanes(later);
        state[0] += other[0];
        state[1] += other[1];
        state[2] = Larger(state[2], other[2]);
        state[3] = Larger(state[3], other[3]);
    }

    private static void AddLanes(double* lanes, double value)
    {
        lanes[0] += 1;
        lanes[1] += value;
        lanes[2] = Larger(lanes[2], -value);
        lanes[3] = Larger(lanes[3], value);
    }

    /// <summary>
    /// The maximum as the vector instruction has it, to the bit: the second operand unless the first is larger.
    /// </summary>
    private static double Larger(double first, double second) => first > second ? first : second;

    /// <summary>Folds one value in, with the vector instructions where the processor has them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Add(double* lanes, double value)
    {
        if (Avx.IsSupported)
            MomentsStep.Fold(lanes, Vector256.Create(value));
        else
            AddLanes(lanes, value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    protected double* Lanes(byte* record) => (double*)(record + Offset);
}
