using DisruptorStream.Aggregation;
using DisruptorStream.State.Accumulators.Customs;
using DisruptorStream.State.Accumulators.Pairs;
using DisruptorStream.State.Accumulators.Values;

namespace DisruptorStream.State.Accumulators;

/// <summary>
/// The menu of accumulators for measures that are read in one way. Every closed type is named here, so none is made at
/// run time.
/// </summary>
internal abstract class ReadingAccumulators
{
    private static readonly ReadingAccumulators DoubleAccumulators = new ReadingAccumulators<DoubleReading>();
    private static readonly ReadingAccumulators FiniteAccumulators = new ReadingAccumulators<FiniteReading>();
    private static readonly ReadingAccumulators Int64Accumulators = new ReadingAccumulators<Int64Reading>();
    private static readonly ReadingAccumulators SymbolAccumulators = new ReadingAccumulators<SymbolReading>();

    /// <param name="measure">The measure.</param>
    /// <param name="skipsNonFinite">Whether NaN and the infinities are left out.</param>
    public static ReadingAccumulators For(MeasureDefinition measure, bool skipsNonFinite)
    {
        return measure.Type switch
        {
            MeasureType.Int64 => Int64Accumulators,
            MeasureType.Symbol => SymbolAccumulators,
            _ => skipsNonFinite ? FiniteAccumulators : DoubleAccumulators,
        };
    }

    /// <summary>Counts events, whatever their measures.</summary>
    public static Accumulator Events(AccumulatorIdentity identity) =>
        new StateAccumulator<EventCount, DoubleReading>(identity, countsEvents: true);

    /// <summary>A user's aggregate over several measures, which it reads itself.</summary>
    public static Accumulator CustomEvents<TAggregate, TState>(
        AccumulatorIdentity identity, int results, FailureMarks marks)
        where TAggregate : struct, IEventAggregate<TState>
        where TState : unmanaged => new CustomEventAccumulator<TAggregate, TState>(identity, results, marks);

    public abstract Accumulator State<TState>(AccumulatorIdentity identity, bool counts)
        where TState : unmanaged, IAccumulatorState<TState>;

    public abstract Accumulator Moments(AccumulatorIdentity identity, bool counts);

    public abstract Accumulator Spread(AccumulatorIdentity identity, bool counts);

    public abstract Accumulator Squares(AccumulatorIdentity identity);

    public abstract Accumulator Shape(AccumulatorIdentity identity);

    public abstract Accumulator Score(AccumulatorIdentity identity);

    public abstract Accumulator Earlier(AccumulatorIdentity identity);

    public abstract Accumulator MovingAverage(AccumulatorIdentity identity, double alpha);

    public abstract Accumulator Histogram(AccumulatorIdentity identity, IReadOnlyList<double> bounds);

    public abstract Accumulator Quantiles(
        AccumulatorIdentity identity, AccumulatorContext context, double relativeError);

    public abstract Accumulator Values(
        AccumulatorIdentity identity, AccumulatorContext context, int maxValues);

    public abstract Accumulator Distinct(
        AccumulatorIdentity identity, AccumulatorContext context, int precision);

    public abstract Accumulator DistinctSum(
        AccumulatorIdentity identity, AccumulatorContext context, int precision);

    public abstract Accumulator Top(AccumulatorIdentity identity, AccumulatorContext context, int capacity);

    public abstract Accumulator Custom<TAggregate, TState>(AccumulatorIdentity identity, FailureMarks marks)
        where TAggregate : struct, IAggregate<TState>
        where TState : unmanaged;

    public abstract Accumulator WeightedMean(AccumulatorIdentity identity, ReadingAccumulators how);

    public abstract Accumulator AtExtreme<TSign>(AccumulatorIdentity identity, ReadingAccumulators how)
        where TSign : struct, IExtremeSign;

    /// <summary>The accumulator of a pair whose second measure is read in this way.</summary>
    protected abstract Accumulator Pair<TState, TReading>(AccumulatorIdentity identity)
        where TState : unmanaged, IPairState<TState>
        where TReading : struct, IMeasureReading;

    protected static Accumulator PairBy<TState, TReading>(AccumulatorIdentity identity, ReadingAccumulators how)
        where TState : unmanaged, IPairState<TState>
        where TReading : struct, IMeasureReading => how.Pair<TState, TReading>(identity);
}
