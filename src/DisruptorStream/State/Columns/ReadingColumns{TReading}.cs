using DisruptorStream.State.Columns.Moments;
using DisruptorStream.State.Columns.Pairs;
using DisruptorStream.State.Columns.Sketches;
using DisruptorStream.State.Columns.Sketches.Quantiles;
using DisruptorStream.State.Columns.Sums;
using DisruptorStream.State.Columns.Values;
using DisruptorStream.State.Memory;

namespace DisruptorStream.State.Columns;

/// <inheritdoc/>
internal sealed class ReadingColumns<TReading> : ReadingColumns
    where TReading : struct, IMeasureReading
{
    public override Column State<TState>(AccumulatorIdentity identity, bool counts) =>
        new StateColumn<TState, TReading>(identity, counts);

    public override Column Moments(AccumulatorIdentity identity, bool counts) =>
        new MomentsColumn<TReading>(identity, counts);

    public override Column Spread(AccumulatorIdentity identity, bool counts) =>
        new SpreadColumn<TReading>(identity, counts);

    public override Column Squares(AccumulatorIdentity identity) =>
        new StateColumn<SquareSum<TReading>, TReading>(identity, countsEvents: false);

    public override Column Shape(AccumulatorIdentity identity) =>
        new StateColumn<Shape<TReading>, TReading>(identity, countsEvents: false);

    public override Column Score(AccumulatorIdentity identity) =>
        new StateColumn<LastScore<TReading>, TReading>(identity, countsEvents: false);

    public override Column MovingAverage(AccumulatorIdentity identity, double alpha) =>
        new MovingAverageColumn<TReading>(identity, alpha);

    public override Column Histogram(AccumulatorIdentity identity, IReadOnlyList<double> bounds) =>
        new HistogramColumn<TReading>(identity, bounds);

    public override Column Quantiles(AccumulatorIdentity identity, BlockPool blocks, double relativeError) =>
        new QuantileColumn<TReading>(identity, blocks, relativeError);

    public override Column Values(AccumulatorIdentity identity, BlockPool blocks, int maxValues, FailureMarks marks) =>
        new ExactColumn<TReading>(identity, blocks, maxValues, marks);

    public override Column Distinct(AccumulatorIdentity identity, BlockPool blocks, int precision) =>
        new DistinctColumn<TReading>(identity, blocks, precision);

    public override Column Top(AccumulatorIdentity identity, BlockPool blocks, int capacity) =>
        new TopColumn<TReading>(identity, blocks, capacity);

    public override Column Custom<TAggregate, TState>(AccumulatorIdentity identity, FailureMarks marks) =>
        new CustomColumn<TAggregate, TState, TReading>(identity, marks);

    public override Column WeightedMean(AccumulatorIdentity identity, ReadingColumns how) =>
        PairBy<WeightedMean<TReading>, TReading>(identity, how);

    public override Column AtExtreme<TSign>(AccumulatorIdentity identity, ReadingColumns how) =>
        PairBy<ValueAtExtreme<TSign>, TReading>(identity, how);

    protected override Column Pair<TState, TOther>(AccumulatorIdentity identity) =>
        new PairColumn<TState, TOther, TReading>(identity);
}
