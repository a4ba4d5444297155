namespace DisruptorStream.Aggregation;

/// <summary>
/// Turns metrics into something else. It lets the layers above build closed generic types without reflection.
/// </summary>
internal interface IMetricVisitor
{
    void VisitCount(CountMetric metric);

    void VisitMeasure(MeasureMetric metric);

    void VisitCustom<TAggregate, TState>(CustomMetric<TAggregate, TState> metric)
        where TAggregate : struct, IAggregate<TState>
        where TState : unmanaged;
}
