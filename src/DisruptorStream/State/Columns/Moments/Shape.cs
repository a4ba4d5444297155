using DisruptorStream.Aggregation;
using DisruptorStream.Aggregation.Metrics;
using DisruptorStream.State.Columns.Values;
using DisruptorStream.Statistics;

namespace DisruptorStream.State.Columns.Moments;

/// <summary>
/// Count, and the sums of the first to fourth powers of the differences from the first value, in doubled precision.
/// </summary>
/// <remarks>
/// As for the variance (<see cref="SpreadColumn{TReading}"/>) nothing cancels, however far from zero the values lie
/// and however they are grouped. Merging moves the other record's sums to this one's origin, and reading moves them to
/// the mean, both by the binomial formula.
/// </remarks>
internal struct Shape<TReading> : IColumnState<Shape<TReading>>
    where TReading : struct, IMeasureReading
{
    private double _count;
    private double _origin;
    private DoubleDouble _first;
    private DoubleDouble _second;
    private DoubleDouble _third;
    private DoubleDouble _fourth;

    public static Shape<TReading> Initial => default;

    public static void Accumulate(ref Shape<TReading> state, in Measurement measurement)
    {
        var value = TReading.ToDouble(measurement.Bits);
        if (state._count == 0)
            state._origin = value;
        state._count++;
        var difference = DoubleDouble.Sum(value, -state._origin);
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

        var by = DoubleDouble.Sum(later._origin, -state._origin);
        var moved = later._count * by;
        state._fourth += later._fourth + (by * ((4 * later._third)
            + (by * ((6 * later._second) + (by * ((4 * later._first) + moved))))));
        state._third += later._third + (by * ((3 * later._second) + (by * ((3 * later._first) + moved))));
        state._second += later._second + (by * ((2 * later._first) + moved));
        state._first += later._first + moved;
        state._count += later._count;
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

    /// <summary>The sum of the third powers of the differences from the mean.</summary>
    private static double Cubes(in Shape<TReading> state, DoubleDouble mean) =>
        (state._third - (mean * ((3 * state._second) - (mean * (2 * state._first))))).ToDouble();

    /// <summary>The sum of their fourth powers.</summary>
    private static double Fourths(in Shape<TReading> state, DoubleDouble mean) =>
        (state._fourth - (mean * ((4 * state._third)
            - (mean * ((6 * state._second) - (mean * (3 * state._first))))))).ToDouble();
}
