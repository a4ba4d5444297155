using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using DisruptorStream.Aggregation.Metrics;
using DisruptorStream.Events;
using DisruptorStream.State.Accumulators.Values;
using DisruptorStream.Statistics;

namespace DisruptorStream.State.Accumulators.Moments;

/// <summary>
/// Count, sum, minimum, maximum and the spread of a measure: the sums of the differences from the first value, and of
/// their squares, in doubled precision and scaled by a power of two.
/// </summary>
/// <remarks>
/// Differences from a value near the mean keep the squares small, and error-free additions (<see cref="DoubleDouble"/>)
/// keep what single ones would lose, so nothing cancels and no event costs a division. Merging moves the other record's
/// sums to this one's origin: sum' = sum + n·d, squares' = squares + 2·d·sum + n·d². The variance is that of the
/// shifted values, which is the same (Chan, Golub and LeVeque 1983).
/// </remarks>
internal sealed unsafe class SpreadAccumulator<TReading> : MomentsAccumulator<TReading>
    where TReading : struct, IMeasureReading
{
    // After the four lanes of the moments: sum and squares, what their additions rounded away, the bits of the first
    // value, and the scale.
    private const int Sums = 4;
    private const int Rests = 6;
    private const int Origin = 8;
    private const int Scale = 9;
    private const int RecordBytes = 96;

    private readonly int _measureIndex;

    public SpreadAccumulator(AccumulatorIdentity identity, bool countsEvents)
        : base(identity, countsEvents, RecordBytes) => _measureIndex = identity.Measure!.Index;

    public override bool FindsRecords => false;

    public override void Initialize(byte* record)
    {
        base.Initialize(record);
        new Span<double>(Lanes(record) + Sums, (RecordBytes / sizeof(double)) - Sums).Clear();
    }

    public override void AccumulateOne(in EventView events, nint* records) => Accumulate(in events, records);

    public override void Accumulate(in EventView events, nint* records)
    {
        var measure = events.Measure(_measureIndex, out var strideBytes);
        var count = events.Count;
        for (nint index = 0; index < count; index++, measure += strideBytes)
        {
            var bits = *(long*)measure;
            if (TReading.Skips(bits))
                continue;

            var lanes = Lanes((byte*)records[index]);
            if (lanes[0] == 0)
            {
                OriginOf(lanes) = bits;
                ScaleOf(lanes) = MagnitudeScale.From(TReading.ToDouble(bits));
            }

            Add(lanes, TReading.ToDouble(bits));
            var difference = TReading.Difference(bits, OriginOf(lanes));
            if (ScaleOf(lanes).IsPlain(difference))
                AddSpread(lanes, difference.High, difference.Low);
            else
                AddScaled(lanes, difference, bits);
        }
    }

    public override void Merge(byte* into, byte* later)
    {
        var state = Lanes(into);
        var other = Lanes(later);
        if (other[0] == 0)
            return;

        if (state[0] == 0)
        {
            Buffer.MemoryCopy(other, state, RecordBytes, RecordBytes);
            return;
        }

        MoveTo(state, MagnitudeScale.Larger(ScaleOf(state), ScaleOf(other)));
        var difference = TReading.Difference(OriginOf(other), OriginOf(state));
        if (!ScaleOf(state).IsPlain(difference))
            difference = Scaled(state, difference, OriginOf(other));
        var moved = other[0] * difference;

        // The other record stays as it is.
        var exponent = ScaleOf(other).ExponentTo(ScaleOf(state));
        var sum = SumOf(other).ScaleB(exponent);
        Store(state, 0, SumOf(state) + sum + moved);
        Store(
            state, 1, SquaresOf(state) + SquaresOf(other).ScaleB(2 * exponent) + (difference * (sum + sum + moved)));
        base.Merge(into, later);
    }

    public override long Read(byte* record, in MetricQuery query)
    {
        var lanes = Lanes(record);
        return query.Kind switch
        {
            MetricKind.Variance => Variance(lanes, lanes[0] - 1, isRoot: false),
            MetricKind.PopulationVariance => Variance(lanes, lanes[0], isRoot: false),
            MetricKind.StandardDeviation => Variance(lanes, lanes[0] - 1, isRoot: true),
            MetricKind.PopulationStandardDeviation => Variance(lanes, lanes[0], isRoot: true),
            _ => base.Read(record, in query),
        };
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddSpread(double* lanes, double difference, double rest)
    {
        var square = difference * difference;
        var squareRest = Math.FusedMultiplyAdd(difference, difference, -square) + (2 * difference * rest);

        var sums = Vector128.Load(lanes + Sums);
        var added = Vector128.Create(difference, square);
        var total = sums + added;
        var share = total - sums;
        var rounded = (sums - (total - share)) + (added - share) + Vector128.Create(rest, squareRest);
        Vector128.Store(total, lanes + Sums);
        Vector128.Store(Vector128.Load(lanes + Rests) + rounded, lanes + Rests);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void AddScaled(double* lanes, DoubleDouble difference, long bits)
    {
        difference = Scaled(lanes, difference, bits);
        AddSpread(lanes, difference.High, difference.Low);
    }

    private static long Variance(double* lanes, double divisor, bool isRoot)
    {
        if (divisor <= 0)
            return MetricBits.NaN;

        var sum = SumOf(lanes);
        var squares = SquaresOf(lanes) - ((sum * sum) / lanes[0]);
        var variance = Math.Max(0, (squares / divisor).ToDouble());
        ref readonly var scale = ref ScaleOf(lanes);
        return BitConverter.DoubleToInt64Bits(
            isRoot ? scale.RestoreDeviation(Math.Sqrt(variance)) : scale.RestoreVariance(variance));
    }

    /// <summary>A difference in the scale of the sums, which grows for it where it has to.</summary>
    private static DoubleDouble Scaled(double* lanes, DoubleDouble difference, long bits)
    {
        var scale = ScaleOf(lanes);
        difference = scale.Scale(difference, TReading.ToDouble(bits), TReading.ToDouble(OriginOf(lanes)));
        MoveTo(lanes, scale);
        return difference;
    }

    private static void MoveTo(double* lanes, MagnitudeScale scale)
    {
        var exponent = ScaleOf(lanes).ExponentTo(scale);
        ScaleOf(lanes) = scale;
        if (exponent == 0)
            return;
        Store(lanes, 0, SumOf(lanes).ScaleB(exponent));
        Store(lanes, 1, SquaresOf(lanes).ScaleB(2 * exponent));
    }

    private static ref long OriginOf(double* lanes) => ref *(long*)(lanes + Origin);

    private static ref MagnitudeScale ScaleOf(double* lanes) => ref *(MagnitudeScale*)(lanes + Scale);

    private static DoubleDouble SumOf(double* lanes) => DoubleDouble.Sum(lanes[Sums], lanes[Rests]);

    private static DoubleDouble SquaresOf(double* lanes) => DoubleDouble.Sum(lanes[Sums + 1], lanes[Rests + 1]);

    private static void Store(double* lanes, int index, DoubleDouble value)
    {
        lanes[Sums + index] = value.High;
        lanes[Rests + index] = value.Low;
    }
}
