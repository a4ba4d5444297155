using DisruptorStream.Aggregation;
using DisruptorStream.State.Columns.Pairs;
using DisruptorStream.State.Columns.Values;
using DisruptorStream.State.Memory;

namespace DisruptorStream.State.Columns;

/// <summary>
/// The menu of columns for measures that are read in one way. Every closed type is named here, so none is made at run
/// time.
/// </summary>
internal abstract class ReadingColumns
{
    private static readonly ReadingColumns DoubleColumns = new ReadingColumns<DoubleReading>();
    private static readonly ReadingColumns FiniteColumns = new ReadingColumns<FiniteReading>();
    private static readonly ReadingColumns Int64Columns = new ReadingColumns<Int64Reading>();
    private static readonly ReadingColumns SymbolColumns = new ReadingColumns<SymbolReading>();

    /// <param name="measure">The measure.</param>
    /// <param name="skipsNonFinite">Whether NaN and the infinities are left out.</param>
    public static ReadingColumns For(MeasureDefinition measure, bool skipsNonFinite)
    {
        return measure.Type switch
        {
            MeasureType.Int64 => Int64Columns,
            MeasureType.Symbol => SymbolColumns,
            _ => skipsNonFinite ? FiniteColumns : DoubleColumns,
        };
    }

    public abstract Column State<TState>(AccumulatorIdentity identity, bool counts)
        where TState : unmanaged, IColumnState<TState>;

    public abstract Column Moments(AccumulatorIdentity identity, bool counts);

    public abstract Column Spread(AccumulatorIdentity identity, bool counts);

    public abstract Column Squares(AccumulatorIdentity identity);

    public abstract Column Shape(AccumulatorIdentity identity);

    public abstract Column Score(AccumulatorIdentity identity);

    public abstract Column MovingAverage(AccumulatorIdentity identity, double alpha);

    public abstract Column Histogram(AccumulatorIdentity identity, IReadOnlyList<double> bounds);

    public abstract Column Quantiles(AccumulatorIdentity identity, BlockPool blocks, double relativeError);

    public abstract Column Values(AccumulatorIdentity identity, BlockPool blocks, int maxValues, FailureMarks marks);

    public abstract Column Distinct(AccumulatorIdentity identity, BlockPool blocks, int precision);

    public abstract Column Top(AccumulatorIdentity identity, BlockPool blocks, int capacity);

    public abstract Column Custom<TAggregate, TState>(AccumulatorIdentity identity, FailureMarks marks)
        where TAggregate : struct, IAggregate<TState>
        where TState : unmanaged;

    public abstract Column WeightedMean(AccumulatorIdentity identity, ReadingColumns how);

    public abstract Column AtExtreme<TSign>(AccumulatorIdentity identity, ReadingColumns how)
        where TSign : struct, IExtremeSign;

    /// <summary>The column of a pair whose second measure is read in this way.</summary>
    protected abstract Column Pair<TState, TReading>(AccumulatorIdentity identity)
        where TState : unmanaged, IPairState<TState>
        where TReading : struct, IMeasureReading;

    protected static Column PairBy<TState, TReading>(AccumulatorIdentity identity, ReadingColumns how)
        where TState : unmanaged, IPairState<TState>
        where TReading : struct, IMeasureReading => how.Pair<TState, TReading>(identity);
}
