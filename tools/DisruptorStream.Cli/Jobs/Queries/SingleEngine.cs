using DisruptorStream.Building;
using DisruptorStream.Cli.Input;
using DisruptorStream.Cli.Input.Rows;
using DisruptorStream.Ingest;
using DisruptorStream.Reporting;
using DisruptorStream.Reporting.Answers;
using DisruptorStream.Watermarks;

namespace DisruptorStream.Cli.Jobs.Queries;

/// <summary>The engine of a job with one query: keys go in as the bytes that were read.</summary>
internal sealed class SingleEngine : JobEngine
{
    private readonly StreamProcessor<string> _processor;
    private readonly List<KeyedPublisher<string>> _sources = [];
    private readonly bool _hasMeasures;

    // Null where rows cannot be read together.
    private readonly RowBatch? _rows;
    private readonly KeyCache _keys;

    public SingleEngine(JobSettings settings, QuerySinks sinks)
    {
        _processor = StepOf(settings, sinks, OptionsOf(ExecutionMode.Fused)).Build();
        _hasMeasures = settings.Layout.Measures.Count > 0;
        _rows = RowParser.Suits(settings.Layout) ? new RowBatch(Math.Max(1, settings.Layout.Measures.Count)) : null;
        _keys = new KeyCache((key, length) => _processor.IdOf(key.AsSpan(0, length)));
    }

    public override EventProcessor Processor => _processor;

    /// <summary>The last step of the builder.</summary>
    /// <param name="settings">What to do.</param>
    /// <param name="sinks">Where the results go.</param>
    /// <param name="options">How.</param>
    public static BuildStep<string> StepOf(
        JobSettings settings, QuerySinks sinks, StreamProcessorOptions options)
    {
        var query = settings.Queries[0];
        var events = StreamProcessorBuilder.ForKeys<string>();
        var measures = settings.Measures
            ?? [.. settings.Layout.Measures.Select(measure => (measure.EngineName, measure.Type))];
        foreach (var (name, type) in measures)
            events = events.Measure(name, type);
        var step = query.Apply(events.Windowed(query.Window.DefinitionOf(settings.Offset)), settings)
            .Watermarks(new WatermarkOptions
            {
                MaxOutOfOrderness = settings.OutOfOrderness,
                JumpGuard = settings.JumpGuard,
            })
            .Aggregate(query.Aggregates.AddTo)
            .WithOptions(options)
            .To(sinks.Results);
        if (query.Having is { } having)
            step = step.Having(having);
        return sinks.Dropped is null ? step : step.DroppedEventsTo(sinks.Dropped);
    }

    public override void AddSource(string name) => _sources.Add(_processor.CreatePublisher(name));

    public override void Publish(int source, EventReader reader)
    {
        var publisher = _sources[source];
        if (reader.IsFiltered)
            publisher.PublishFiltered(reader.Ticks);
        else if (_hasMeasures)
            publisher.PublishBits(reader.KeyAt(0), reader.Ticks, reader.Measures);
        else
            publisher.Publish(reader.KeyAt(0), reader.Ticks, 0);
    }

    public override void PublishRows(InputMerge merge)
    {
        if (_rows is null)
            return;
        while (merge.TryReadRows(_rows, _keys))
            _sources[merge.CurrentIndex].PublishKnown(_rows.KeyIds, _rows.Ticks, _rows.Measures);
    }

    public override void Complete(int source) => _sources[source].Complete();

    public override ProcessorStats StatsOf(int query) => _processor.GetStats();

    public override NoResultAnswer WhyOf(int query) => _processor.WhyNoResult();

    public override ExplainPlan PlanOf(int query) => _processor.ExplainPlan();
}
