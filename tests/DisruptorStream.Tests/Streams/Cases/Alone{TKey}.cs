using DisruptorStream.Aggregation;
using DisruptorStream.Building;
using DisruptorStream.Events;
using DisruptorStream.Ingest;
using DisruptorStream.Testing;
using DisruptorStream.Tests.Streams.Cases.Queries;

namespace DisruptorStream.Tests.Streams.Cases;

/// <inheritdoc cref="Alone"/>
internal sealed class Alone<TKey> : Alone
    where TKey : notnull
{
    private readonly StreamCase _case;
    private readonly CaseQuery<TKey> _query;
    private readonly int[] _filters;
    private readonly StreamProcessor<TKey> _processor;
    private readonly SourceSet<KeyedPublisher<TKey>> _sources = new();

    public Alone(StreamCase one, CaseQuery<TKey> query, VirtualClock clock)
    {
        _case = one;
        _query = query;
        _filters = [.. query.Shape.Metrics.Select(metric => metric.Filter).Where(filter => filter >= 0).Distinct()];
        var events = StreamProcessorBuilder.ForKeys<TKey>()
            .Measure("first").Measure("second").Measure("whole", MeasureType.Int64);
        foreach (var filter in _filters)
        {
            events = events.Measure($"first@{filter}").Measure($"second@{filter}")
                .Measure($"whole@{filter}", MeasureType.Int64).Measure($"one@{filter}", MeasureType.Int64);
        }

        var windowed = query.Shape.Describe<WindowedStep<TKey>, TKey>(
            query.Shape.WindowsOf(events), one.ProcessingTime);
        windowed = windowed.Watermarks(query.Shape.KeyBound is null || one.ProcessingTime
            ? one.Watermarks
            : one.Watermarks with { IdleTimeout = null });
        if (one.ProcessingTime)
            windowed = windowed.InProcessingTime();
        var sink = new LineSink<TKey>(Lines, Drops);
        _processor = windowed.Aggregate(AddMetrics)
            .WithOptions(one.Options(ExecutionMode.Inline) with { NonFinite = NonFinitePolicy.IgnoreMeasure })
            .WithTimeProvider(clock).To(sink).DroppedEventsTo(sink).Build();
        _processor.Start();
        _sources.Create = _processor.CreatePublisher;
    }

    public override ProcessorStats Stats => _processor.GetStats();

    public override void Define(in Reading one) => _processor.GetKey(_query.KeyOf(one));

    public override void Publish(int source, in Reading one, DropReason time, DropReason key)
    {
        var (shape, publisher) = (_query.Shape, _sources.Of(source));
        if (!shape.Passes(one))
        {
            Filtered++;
            if (time == DropReason.None)
                publisher.PublishFiltered(one.Ticks);
            return;
        }

        var reason = time;
        if (reason == DropReason.None && _case.NonFinite == NonFinitePolicy.RejectEvent && shape.ReadsNoNumber(one))
            reason = DropReason.NotFinite;
        if (reason == DropReason.None)
            reason = key;
        if (reason == DropReason.None)
        {
            publisher.PublishBits(_query.KeyOf(one), one.Ticks, BitsOf(one));
            return;
        }

        Refused[reason] = Refused.GetValueOrDefault(reason) + 1;
        var known = key == DropReason.None;
        Drops.Add(LineSink<TKey>.LineOf(
            reason, known, known ? _query.KeyOf(one) : default, one.Ticks, BitsOf(one).AsSpan(0, 3)));
        if (time == DropReason.None)
            publisher.PublishFiltered(one.Ticks);
    }

    public override void Apply(RandomStep step)
    {
        if (!_sources.TryApply(step))
            _processor.Advance();
    }

    public override async Task EndAsync(bool completes)
    {
        if (completes)
            await _processor.StopAsync(StopMode.Complete);
    }

    public override ValueTask DisposeAsync() => _processor.DisposeAsync();

    private void AddMetrics(AggregateBuilder builder)
    {
        for (var metric = 0; metric < _query.Shape.Metrics.Length; metric++)
            _query.Shape.Metrics[metric].AddAlone(builder, $"m{metric}");
    }

    private long[] BitsOf(Reading one)
    {
        List<long> bits = [Bits(one.First), Bits(one.Second), one.Whole];
        foreach (var filter in _filters)
        {
            var passes = Reading.Filters[filter](one);
            bits.Add(passes ? Bits(one.First) : Bits(double.NaN));
            bits.Add(passes ? Bits(one.Second) : Bits(double.NaN));
            bits.Add(passes ? one.Whole : 0);
            bits.Add(passes ? 1 : 0);
        }

        return [.. bits];
    }

    private static long Bits(double value) => BitConverter.DoubleToInt64Bits(value);
}
