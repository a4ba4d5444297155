using DisruptorStream.Aggregation.Customs;
using DisruptorStream.Aggregation.Derived;

namespace DisruptorStream.Aggregation.Metrics;

/// <summary>
/// Turns metrics into something else. It lets the layers above build closed generic types without reflection.
/// </summary>
internal interface IMetricVisitor
{
    void VisitCount(CountMetric metric);

    void VisitMeasure(MeasureMetric metric);

    void VisitSum(SumMetric metric);

    void VisitPair(PairMetric metric);

    void VisitMovingAverage(MovingAverageMetric metric);

    void VisitPercentile(PercentileMetric metric);

    void VisitDistinct(DistinctMetric metric);

    void VisitTop(TopMetric metric);

    void VisitHistogram(HistogramMetric metric);

    void VisitExpression(ExpressionMetric metric);

    void VisitCustom<TAggregate, TState>(CustomMetric<TAggregate, TState> metric)
        where TAggregate : struct, IAggregate<TState>
        where TState : unmanaged;

    void VisitCustomEvents<TAggregate, TState>(CustomEventMetric<TAggregate, TState> metric)
        where TAggregate : struct, IEventAggregate<TState>
        where TState : unmanaged;
}
