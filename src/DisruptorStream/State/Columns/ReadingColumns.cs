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

    public abstract Column State<TState>(string name, MeasureDefinition measure, bool counts)
        where TState : unmanaged, IColumnState<TState>;

    public abstract Column Moments(string name, MeasureDefinition measure, bool counts);

    public abstract Column Spread(string name, MeasureDefinition measure, bool counts);

    public abstract Column Squares(string name, MeasureDefinition measure);

    public abstract Column Shape(string name, MeasureDefinition measure);

    public abstract Column Score(string name, MeasureDefinition measure);

    public abstract Column MovingAverage(string name, MeasureDefinition measure, double alpha);

    public abstract Column Histogram(string name, MeasureDefinition measure, IReadOnlyList<double> bounds);

    public abstract Column Quantiles(string name, MeasureDefinition measure, BlockPool blocks, double relativeError);

    public abstract Column Values(
        string name, MeasureDefinition measure, BlockPool blocks, int maxValues, FailureMarks marks);

    public abstract Column Distinct(string name, MeasureDefinition measure, BlockPool blocks, int precision);

    public abstract Column Top(string name, MeasureDefinition measure, BlockPool blocks, int capacity);

    public abstract Column Custom<TAggregate, TState>(string name, MeasureDefinition measure, FailureMarks marks)
        where TAggregate : struct, IAggregate<TState>
        where TState : unmanaged;

    public abstract Column WeightedMean(
        string name, MeasureDefinition measure, MeasureDefinition by, ReadingColumns how);

    public abstract Column AtExtreme<TSign>(
        string name, MeasureDefinition measure, MeasureDefinition by, ReadingColumns how)
        where TSign : struct, IExtremeSign;

    /// <summary>The column of a pair whose second measure is read in this way.</summary>
    protected abstract Column Pair<TState, TReading>(string name, MeasureDefinition measure, MeasureDefinition by)
        where TState : unmanaged, IPairState<TState>
        where TReading : struct, IMeasureReading;

    protected static Column PairBy<TState, TReading>(
        string name, MeasureDefinition measure, MeasureDefinition by, ReadingColumns how)
        where TState : unmanaged, IPairState<TState>
        where TReading : struct, IMeasureReading => how.Pair<TState, TReading>(name, measure, by);
}
