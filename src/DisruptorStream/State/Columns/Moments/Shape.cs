using DisruptorStream.Aggregation;
using DisruptorStream.Aggregation.Metrics;
using DisruptorStream.State.Columns.Values;

namespace DisruptorStream.State.Columns.Moments;

/// <summary>Count, mean and the sums of the second to fourth powers of the differences from it.</summary>
/// <remarks>
/// The one-pass and pairwise formulas of Pébay, "Formulas for robust, one-pass parallel computation of covariances and
/// arbitrary-order statistical moments" (Sandia report SAND2008-6212).
/// </remarks>
internal struct Shape<TReading> : IColumnState<Shape<TReading>>
    where TReading : struct, IMeasureReading
{
    private double _count;
    private double _mean;
    private double _second;
    private double _third;
    private double _fourth;

    public static Shape<TReading> Initial => default;

    public static void Accumulate(ref Shape<TReading> state, in Measurement measurement)
    {
        var before = state._count;
        var count = before + 1;
        var delta = TReading.ToDouble(measurement.Bits) - state._mean;
        var step = delta / count;
        var term = delta * step * before;
        state._count = count;
        state._mean += step;
        state._fourth += (term * step * step * ((count * count) - (3 * count) + 3)) + (6 * step * step * state._second)
            - (4 * step * state._third);
        state._third += (term * step * (count - 2)) - (3 * step * state._second);
        state._second += term;
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

        var (left, right) = (state._count, later._count);
        var count = left + right;
        var delta = later._mean - state._mean;
        var step = delta / count;
        var term = delta * step * left * right;
        state._fourth += later._fourth
            + (term * step * step * ((left * left) - (left * right) + (right * right)))
            + (6 * step * step * ((left * left * later._second) + (right * right * state._second)))
            + (4 * step * ((left * later._third) - (right * state._third)));
        state._third += later._third + (term * step * (left - right))
            + (3 * step * ((left * later._second) - (right * state._second)));
        state._second += later._second + term;
        state._mean += step * right;
        state._count = count;
    }

    public static long Read(in Shape<TReading> state, in MetricQuery query, MeasureDefinition? measure)
    {
        // Where all values are equal there is no spread to compare with.
        if (!(state._second > 0))
            return MetricBits.NaN;

        var variance = state._second / state._count;
        var value = query.Kind == MetricKind.Skewness
            ? state._third / state._count / (variance * Math.Sqrt(variance))
            : (state._fourth / state._count / (variance * variance)) - 3;
        return BitConverter.DoubleToInt64Bits(value);
    }
}
