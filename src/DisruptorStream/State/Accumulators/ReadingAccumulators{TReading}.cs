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

    public override Accumulator Quantiles(
        AccumulatorIdentity identity, AccumulatorContext context, double relativeError) =>
        new QuantileAccumulator<TReading>(identity, context.Blocks, relativeError);

    public override Accumulator Values(
        AccumulatorIdentity identity, AccumulatorContext context, int maxValues) =>
        new ExactAccumulator<TReading>(identity, context.Blocks, maxValues, context.Marks);

    public override Accumulator Distinct(AccumulatorIdentity identity, AccumulatorContext context, int precision) =>
        new DistinctAccumulator<TReading>(identity, context.Blocks, precision);

    public override Accumulator DistinctSum(
        AccumulatorIdentity identity, AccumulatorContext context, int precision) =>
        identity.By!.Type == MeasureType.Int64
            ? new DistinctSumAccumulator<TReading, Int64Weights>(identity, context.Blocks, precision, context.Negative)
            : new DistinctSumAccumulator<TReading, DoubleWeights>(
                identity, context.Blocks, precision, context.Negative);

    public override Accumulator Top(AccumulatorIdentity identity, AccumulatorContext context, int capacity) =>
        identity.By?.Type switch
        {
            null => new TopAccumulator<TReading, EventWeights>(identity, context, capacity),
            MeasureType.Int64 => new TopAccumulator<TReading, Int64Weights>(identity, context, capacity),
            _ => new TopAccumulator<TReading, DoubleWeights>(identity, context, capacity),
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
