using DisruptorStream.Aggregation;
using DisruptorStream.Building.Streams;
using DisruptorStream.Cli.Input;
using DisruptorStream.Expressions.Syntax;
using DisruptorStream.Ingest;
using DisruptorStream.Reporting;
using DisruptorStream.Reporting.Answers;
using DisruptorStream.Streams;
using DisruptorStream.Watermarks;

namespace DisruptorStream.Cli.Jobs.Queries;

/// <summary>The engine of a job with several queries: each row is published once, and every query sees it.</summary>
internal sealed class StreamEngine : JobEngine
{
    private readonly EventLayout _layout;
    private readonly EventStream<StreamRow> _stream;
    private readonly StreamRow _row;
    private readonly StreamQuery<string>[] _queries;
    private readonly List<EventPublisher<StreamRow>> _sources = [];

    // Texts of keys, so that a known one is not made again.
    private readonly SymbolTable _keys = new(int.MaxValue);

    public StreamEngine(JobSettings settings, IReadOnlyList<QuerySinks> sinks)
    {
        _layout = settings.Layout;
        _row = new StreamRow(_layout.Keys.Length, _layout.Measures.Count);
        // Inline, an event's results are written before the next event is read: first those of the first query.
        var mode = settings.SharesOutput ? ExecutionMode.Inline : ExecutionMode.Fused;
        _stream = StepOf(settings, sinks, OptionsOf(mode)).Build();
        _queries = [.. settings.Queries.Select(query => _stream.Query<string>(query.Name!))];
    }

    public override EventProcessor Processor => _stream;

    /// <summary>The last step of the builder.</summary>
    /// <param name="settings">What to do.</param>
    /// <param name="sinks">Where the results of each query go.</param>
    /// <param name="options">How.</param>
    public static StreamStep<StreamRow> StepOf(
        JobSettings settings, IReadOnlyList<QuerySinks> sinks, StreamProcessorOptions options)
    {
        var layout = settings.Layout;
        var events = EventsOf(layout);
        var filters = new Dictionary<ulong, Func<StreamRow, bool>>();
        var step = default(StreamStep<StreamRow>);
        for (var index = 0; index < settings.Queries.Count; index++)
        {
            var (query, row, sink) = (settings.Queries[index], layout.Queries[index], sinks[index]);
            var key = NameOf(layout.Keys[layout.KeyOfQuery[index]]);
            var conditions = row.Conditions;

            // One delegate wherever the same is asked, so that it has one bit.
            if (conditions != 0 && !filters.ContainsKey(conditions))
                filters[conditions] = one => (one.Passed & conditions) == conditions;
            QueryOutputStep<StreamRow, string> Describe(QueryStep<StreamRow> from)
            {
                if (conditions != 0)
                    from = from.Where(filters[conditions], TextOf(layout, conditions));
                var output = query
                    .Apply(from.By(key).Windowed(query.Window.DefinitionOf(settings.Offset)), settings)
                    .Aggregate(query.Aggregates.AddTo)
                    .To(sink.Results);
                if (query.Having is { } having)
                    output = output.Having(having);
                return sink.Dropped is null ? output : output.DroppedEventsTo(sink.Dropped);
            }

            step = step is null ? events.Query(query.Name!, Describe) : step.Query(query.Name!, Describe);
        }

        return step!
            .Watermarks(new WatermarkOptions
            {
                MaxOutOfOrderness = settings.OutOfOrderness,
                JumpGuard = settings.JumpGuard,
            })
            .WithOptions(options);
    }

    public override void AddSource(string name) => _sources.Add(_stream.CreateEventPublisher(name));

    public override void Publish(int source, EventReader reader)
    {
        _row.Ticks = reader.Ticks;
        _row.Passed = reader.Passed;
        var keys = _row.Keys;
        for (var key = 0; key < keys.Length; key++)
        {
            keys[key] = (_layout.Keys[key].Users & reader.Takers) == 0
                ? null
                : _keys.TextOf(_keys.Intern(reader.KeyAt(key)));
        }

        reader.Measures[.._row.Measures.Length].CopyTo(_row.Measures);
        _sources[source].Publish(_row);
    }

    public override void Complete(int source) => _sources[source].Complete();

    public override ProcessorStats StatsOf(int query) => _queries[query].GetStats();

    public override NoResultAnswer WhyOf(int query) => _queries[query].WhyNoResult();

    public override ExplainPlan PlanOf(int query) => _queries[query].ExplainPlan();

    private static StreamEventsStep<StreamRow> EventsOf(EventLayout layout)
    {
        var events = StreamProcessorBuilder.For<StreamRow>().EventTime(row => row.Ticks);
        for (var index = 0; index < layout.Measures.Count; index++)
        {
            var (place, measure) = (index, layout.Measures[index]);
            events = events.Measure(measure.EngineName, measure.Type, row => row.Measures[place]);
        }

        for (var index = 0; index < layout.Keys.Length; index++)
        {
            var place = index;
            events = events.Key(NameOf(layout.Keys[index]), row => row.Keys[place]);
        }

        return events;
    }

    /// <summary>What the engine calls a key. Commas part the columns, so no two keys have one name.</summary>
    private static string NameOf(RowKey key) =>
        key.Columns is [] ? "(all rows)" : string.Join(", ", key.Columns.Select(ExpressionPrinter.PrintName));

    private static string TextOf(EventLayout layout, ulong conditions) => string.Join(
        " and ",
        layout.Expressions.Conditions.Where((_, index) => (conditions >> index & 1) != 0)
            .Select(condition => $"({ExpressionPrinter.Print(condition.Node)})"));
}
