using DisruptorStream.Aggregation;
using DisruptorStream.Building.Streams;
using DisruptorStream.Streams;
using DisruptorStream.Testing;

namespace DisruptorStream.Tests.Streams.Cases.Queries;

/// <inheritdoc cref="CaseQuery"/>
internal sealed class CaseQuery<TKey> : CaseQuery
    where TKey : notnull
{
    private readonly Func<QueryStep<Reading>, QueryWindowingStep<Reading, TKey>> _by;

    public CaseQuery(
        QueryShape shape,
        string name,
        Func<QueryStep<Reading>, QueryWindowingStep<Reading, TKey>> by,
        Func<Reading, TKey> key)
        : base(shape, name)
    {
        _by = by;
        KeyOf = key;
    }

    public Func<Reading, TKey> KeyOf { get; }

    public override StreamStep<Reading> AddTo(StreamEventsStep<Reading> stream, bool processingTime) =>
        stream.Query(Name, query => Describe(query, processingTime));

    public override StreamStep<Reading> AddTo(StreamStep<Reading> stream, bool processingTime) =>
        stream.Query(Name, query => Describe(query, processingTime));

    public override ProcessorStats StatsIn(EventStream<Reading> stream) => stream.Query<TKey>(Name).GetStats();

    public override Alone NewAlone(StreamCase one, VirtualClock clock) => new Alone<TKey>(one, this, clock);

    private QueryOutputStep<Reading, TKey> Describe(QueryStep<Reading> query, bool processingTime)
    {
        foreach (var filter in Shape.Where)
            query = query.Where(Reading.Filters[filter], "where");
        var windowed = Shape.Describe<QueryWindowedStep<Reading, TKey>, TKey>(
            Shape.WindowsOf(_by(query)), processingTime);
        var sink = new LineSink<TKey>(Lines, Drops);
        return windowed.Aggregate(AddMetrics).To(sink).DroppedEventsTo(sink);
    }

    private void AddMetrics(AggregateBuilder<Reading> builder)
    {
        for (var metric = 0; metric < Shape.Metrics.Length; metric++)
            Shape.Metrics[metric].AddTo(builder, $"m{metric}");
    }
}
