using System.Runtime.CompilerServices;
using DisruptorStream.Aggregation;
using DisruptorStream.Aggregation.Metrics;
using DisruptorStream.State.Accumulators.Values;
using DisruptorStream.Statistics;

namespace DisruptorStream.State.Accumulators.Moments;

/// <summary>
/// Count, and the sums of the first to fourth powers of the differences from the first value, in doubled precision and
/// scaled by a power of two.
/// </summary>
/// <remarks>
/// As for the variance (<see cref="SpreadAccumulator{TReading}"/>) nothing cancels, however far from zero the values
/// lie and however they are grouped. Merging moves the other record's sums to this one's origin, and reading moves them
/// to the mean, both by the binomial formula. Skewness and kurtosis are the same in any scale.
/// </remarks>
internal struct Shape<TReading> : IAccumulatorState<Shape<TReading>>
    where TReading : struct, IMeasureReading
{
    private double _count;
    private long _origin;
    private MagnitudeScale _scale;
    private DoubleDouble _first;
    private DoubleDouble _second;
    private DoubleDouble _third;
    private DoubleDouble _fourth;

    public static Shape<TReading> Initial => default;

    public static void Accumulate(ref Shape<TReading> state, in Measurement measurement)
    {
        if (state._count == 0)
        {
            state._origin = measurement.Bits;
            state._scale = MagnitudeScale.From(TReading.ToDouble(measurement.Bits));
        }

        state._count++;
        var difference = Scale(ref state, measurement.Bits);
        var square = difference * difference;
        state._first += difference;
        state._second += square;
        state._third += square * difference;
        state._fourth += square * square;
    }

    public static void Merge(ref Shape<TReading> state, in Shape<TReading> later)
    {
        if (later._count == 0)
            return;

        if (state._count == 0)
        {
            state = later;
            return;
        }

        var other = later;
        MoveTo(ref state, MagnitudeScale.Larger(state._scale, other._scale));
        var by = Scale(ref state, other._origin);
        MoveTo(ref other, state._scale);
        var moved = other._count * by;
        state._fourth += other._fourth + (by * ((4 * other._third)
            + (by * ((6 * other._second) + (by * ((4 * other._first) + moved))))));
        state._third += other._third + (by * ((3 * other._second) + (by * ((3 * other._first) + moved))));
        state._second += other._second + (by * ((2 * other._first) + moved));
        state._first += other._first + moved;
        state._count += other._count;
    }

    public static long Read(in Shape<TReading> state, in MetricQuery query, MeasureDefinition? measure)
    {
        var mean = state._first / state._count;
        var squares = (state._second - (mean * state._first)).ToDouble();

        // Where all values are equal there is no spread to compare with.
        if (!(squares > 0))
            return MetricBits.NaN;

        var variance = squares / state._count;
        var value = query.Kind == MetricKind.Skewness
            ? Cubes(in state, mean) / state._count / (variance * Math.Sqrt(variance))
            : (Fourths(in state, mean) / state._count / (variance * variance)) - 3;
        return BitConverter.DoubleToInt64Bits(value);
    }

    /// <summary>The difference of a value in the scale of the sums, which grows for it where it has to.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static DoubleDouble Scale(ref Shape<TReading> state, long bits)
    {
        var difference = TReading.Difference(bits, state._origin);
        return state._scale.IsPlain(difference) ? difference : Scale(ref state, difference, bits);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static DoubleDouble Scale(ref Shape<TReading> state, DoubleDouble difference, long bits)
    {
        var scale = state._scale;
        difference = scale.Scale(difference, TReading.ToDouble(bits), TReading.ToDouble(state._origin));
        MoveTo(ref state, scale);
        return difference;
    }

    private static void MoveTo(ref Shape<TReading> state, MagnitudeScale scale)
    {
        var exponent = state._scale.ExponentTo(scale);
        state._scale = scale;
        if (exponent == 0)
            return;
        state._first = state._first.ScaleB(exponent);
        state._second = state._second.ScaleB(2 * exponent);
        state._third = state._third.ScaleB(3 * exponent);
        state._fourth = state._fourth.ScaleB(4 * exponent);
    }

    /// <summary>The sum of the third powers of the differences from the mean.</summary>
    private static double Cubes(in Shape<TReading> state, DoubleDouble mean) =>
        (state._third - (mean * ((3 * state._second) - (mean * (2 * state._first))))).ToDouble();

    /// <summary>The sum of their fourth powers.</summary>
    private static double Fourths(in Shape<TReading> state, DoubleDouble mean) =>
        (state._fourth - (mean * ((4 * state._third)
            - (mean * ((6 * state._second) - (mean * (3 * state._first))))))).ToDouble();
}
