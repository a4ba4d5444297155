using DisruptorStream.Aggregation;
using DisruptorStream.State.Accumulators.Customs;
using DisruptorStream.State.Accumulators.Moments;
using DisruptorStream.State.Accumulators.Pairs;
using DisruptorStream.State.Accumulators.Sketches;
using DisruptorStream.State.Accumulators.Sketches.DistinctSums;
using DisruptorStream.State.Accumulators.Sketches.Quantiles;
using DisruptorStream.State.Accumulators.Sketches.Tops;
using DisruptorStream.State.Accumulators.Sketches.Weights;
using DisruptorStream.State.Accumulators.Sums;
using DisruptorStream.State.Accumulators.Values;
using DisruptorStream.State.Memory;

namespace DisruptorStream.State.Accumulators;

/// <inheritdoc/>
internal sealed class ReadingAccumulators<TReading> : ReadingAccumulators
    where TReading : struct, IMeasureReading
{
    public override Accumulator State<TState>(AccumulatorIdentity identity, bool counts) =>
        new StateAccumulator<TState, TReading>(identity, counts);

    public override Accumulator Moments(AccumulatorIdentity identity, bool counts) =>
        new MomentsAccumulator<TReading>(identity, counts);

    public override Accumulator Spread(AccumulatorIdentity identity, bool counts) =>
        new SpreadAccumulator<TReading>(identity, counts);

    public override Accumulator Squares(AccumulatorIdentity identity) =>
        new StateAccumulator<SquareSum<TReading>, TReading>(identity, countsEvents: false);

    public override Accumulator Shape(AccumulatorIdentity identity) =>
        new StateAccumulator<Shape<TReading>, TReading>(identity, countsEvents: false);

    public override Accumulator Score(AccumulatorIdentity identity) =>
        new StateAccumulator<LastScore<TReading>, TReading>(identity, countsEvents: false);

    public override Accumulator Earlier(AccumulatorIdentity identity) =>
        new StateAccumulator<EarlierValues<TReading>, TReading>(identity, countsEvents: false);

    public override Accumulator MovingAverage(AccumulatorIdentity identity, double alpha) =>
        new MovingAverageAccumulator<TReading>(identity, alpha);

    public override Accumulator Histogram(AccumulatorIdentity identity, IReadOnlyList<double> bounds) =>
        new HistogramAccumulator<TReading>(identity, bounds);

    public override Accumulator Quantiles(AccumulatorIdentity identity, BlockPool blocks, double relativeError) =>
        new QuantileAccumulator<TReading>(identity, blocks, relativeError);

    public override Accumulator Values(
        AccumulatorIdentity identity, BlockPool blocks, int maxValues, FailureMarks marks) =>
        new ExactAccumulator<TReading>(identity, blocks, maxValues, marks);

    public override Accumulator Distinct(AccumulatorIdentity identity, BlockPool blocks, int precision) =>
        new DistinctAccumulator<TReading>(identity, blocks, precision);

    public override Accumulator DistinctSum(
        AccumulatorIdentity identity, BlockPool blocks, int precision, NegativeWeights negative) =>
        identity.By!.Type == MeasureType.Int64
            ? new DistinctSumAccumulator<TReading, Int64Weights>(identity, blocks, precision, negative)
            : new DistinctSumAccumulator<TReading, DoubleWeights>(identity, blocks, precision, negative);

    public override Accumulator Top(
        AccumulatorIdentity identity, BlockPool blocks, int capacity, FailureMarks marks, NegativeWeights negative) =>
        identity.By?.Type switch
        {
            null => new TopAccumulator<TReading, EventWeights>(identity, blocks, capacity, marks, negative),
            MeasureType.Int64 => new TopAccumulator<TReading, Int64Weights>(
                identity, blocks, capacity, marks, negative),
            _ => new TopAccumulator<TReading, DoubleWeights>(identity, blocks, capacity, marks, negative),
        };

    public override Accumulator Custom<TAggregate, TState>(AccumulatorIdentity identity, FailureMarks marks) =>
        new CustomAccumulator<TAggregate, TState, TReading>(identity, marks);

    public override Accumulator WeightedMean(AccumulatorIdentity identity, ReadingAccumulators how) =>
        PairBy<WeightedMean<TReading>, TReading>(identity, how);

    public override Accumulator AtExtreme<TSign>(AccumulatorIdentity identity, ReadingAccumulators how) =>
        PairBy<ValueAtExtreme<TSign>, TReading>(identity, how);

    protected override Accumulator Pair<TState, TOther>(AccumulatorIdentity identity) =>
        new PairAccumulator<TState, TOther, TReading>(identity);
}
