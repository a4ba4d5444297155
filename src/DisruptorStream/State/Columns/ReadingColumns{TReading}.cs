using DisruptorStream.Aggregation;
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
    public override Column State<TState>(string name, MeasureDefinition measure, bool counts) =>
        new StateColumn<TState, TReading>(name, measure, counts);

    public override Column Moments(string name, MeasureDefinition measure, bool counts) =>
        new MomentsColumn<TReading>(name, measure.Index, counts);

    public override Column Spread(string name, MeasureDefinition measure, bool counts) =>
        new SpreadColumn<TReading>(name, measure.Index, counts);

    public override Column Squares(string name, MeasureDefinition measure) =>
        new StateColumn<SquareSum<TReading>, TReading>(name, measure, countsEvents: false);

    public override Column Shape(string name, MeasureDefinition measure) =>
        new StateColumn<Shape<TReading>, TReading>(name, measure, countsEvents: false);

    public override Column Score(string name, MeasureDefinition measure) =>
        new StateColumn<LastScore<TReading>, TReading>(name, measure, countsEvents: false);

    public override Column MovingAverage(string name, MeasureDefinition measure, double alpha) =>
        new MovingAverageColumn<TReading>(name, measure.Index, alpha);

    public override Column Histogram(string name, MeasureDefinition measure, IReadOnlyList<double> bounds) =>
        new HistogramColumn<TReading>(name, measure.Index, bounds);

    public override Column Quantiles(string name, MeasureDefinition measure, BlockPool blocks, double relativeError) =>
        new QuantileColumn<TReading>(name, measure.Index, blocks, relativeError);

    public override Column Values(
        string name, MeasureDefinition measure, BlockPool blocks, int maxValues, FailureMarks marks) =>
        new ExactColumn<TReading>(name, measure, blocks, maxValues, marks);

    public override Column Distinct(string name, MeasureDefinition measure, BlockPool blocks, int precision) =>
        new DistinctColumn<TReading>(name, measure.Index, blocks, precision);

    public override Column Top(string name, MeasureDefinition measure, BlockPool blocks, int capacity) =>
        new TopColumn<TReading>(name, measure, blocks, capacity);

    public override Column Custom<TAggregate, TState>(string name, MeasureDefinition measure, FailureMarks marks) =>
        new CustomColumn<TAggregate, TState, TReading>(name, measure, marks);

    public override Column WeightedMean(
        string name, MeasureDefinition measure, MeasureDefinition by, ReadingColumns how) =>
        PairBy<WeightedMean<TReading>, TReading>(name, measure, by, how);

    public override Column AtExtreme<TSign>(
        string name, MeasureDefinition measure, MeasureDefinition by, ReadingColumns how) =>
        PairBy<ValueAtExtreme<TSign>, TReading>(name, measure, by, how);

    protected override Column Pair<TState, TOther>(string name, MeasureDefinition measure, MeasureDefinition by) =>
        new PairColumn<TState, TOther, TReading>(name, measure, by.Index);
}
