using DisruptorStream.Aggregation;

namespace DisruptorStream.Cli.Aggregates.Exact;

/// <summary>One of the integers of a pane, for as long as all its numbers are integers.</summary>
internal struct ExactState
{
    private long _code;
    private long _integer;
    private long _timestampTicks;
    private long _sequence;

    /// <summary>
    /// The code of the integer; that of a fraction once there was one; that of nothing before any number.
    /// </summary>
    public readonly double Result => BitConverter.Int64BitsToDouble(_code);

    /// <summary>Folds a number in.</summary>
    /// <typeparam name="TChoice">Which of two is kept.</typeparam>
    public void Take<TChoice>(in Measurement measurement)
        where TChoice : struct, IExactChoice
    {
        var one = new ExactState
        {
            _code = measurement.Bits,
            _timestampTicks = measurement.TimestampTicks,
            _sequence = measurement.Sequence,
        };
        if (IntegerCode.IsInteger(one._code, out var integer))
            one._integer = integer;
        Take<TChoice>(in one);
    }

    /// <summary>Folds the numbers of another slice in.</summary>
    /// <typeparam name="TChoice">Which of two is kept.</typeparam>
    public void Take<TChoice>(in ExactState other)
        where TChoice : struct, IExactChoice
    {
        if (other._code == IntegerCode.Missing || _code == IntegerCode.Fraction)
            return;
        if (_code == IntegerCode.Missing || other._code == IntegerCode.Fraction || TChoice.Prefers(in other, in this))
            this = other;
    }

    public static bool IsSmaller(in ExactState left, in ExactState right) => left._integer < right._integer;

    public static bool IsEarlier(in ExactState left, in ExactState right) =>
        left._timestampTicks != right._timestampTicks
            ? left._timestampTicks < right._timestampTicks
            : left._sequence < right._sequence;
}
