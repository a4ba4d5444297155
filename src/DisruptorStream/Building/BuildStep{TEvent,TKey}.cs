using DisruptorStream.Building.Planning;
using DisruptorStream.Ingest;
using DisruptorStream.Ingest.Fields;
using DisruptorStream.Ingest.Projections;
using DisruptorStream.Ingest.Sources;
using DisruptorStream.Sources;
using DisruptorStream.Sources.Reading;
using DisruptorStream.Topology.Durable.Remaking;
using DisruptorStream.Topology.State;

namespace DisruptorStream.Building;

/// <summary>
/// The last step to a processor of the host's own events: options, sinks, and the processor itself. Every method but
/// the last returns a new step.
/// </summary>
/// <typeparam name="TEvent">The host's own type of event.</typeparam>
/// <typeparam name="TKey">The type of the keys.</typeparam>
public sealed class BuildStep<TEvent, TKey>
    : BuildStepBase<BuildStep<TEvent, TKey>, StreamProcessor<TEvent, TKey>, TKey>
    where TKey : notnull
{
    private readonly EventProjection<TEvent, TKey> _projection;
    private readonly IReadOnlyList<SourceRegistration<TEvent>> _sources;

    internal BuildStep(
        PipelineDefinition<TKey> definition,
        EventProjection<TEvent, TKey> projection,
        IReadOnlyList<SourceRegistration<TEvent>> sources)
        : base(definition)
    {
        _projection = projection;
        _sources = sources;
    }

    /// <summary>What reads key, time and measures of events.</summary>
    internal FieldReader<TEvent, TKey> NewFieldReader() => _projection.NewReader();

    /// <summary>What it reads by itself.</summary>
    internal IReadOnlyList<SourceRegistration<TEvent>> Sources => _sources;

    /// <summary>
    /// Has the processor read a source by itself, from its start to its end. With <c>DurableIn</c> its position is kept
    /// with the journal: after any end it is read on, and each event is in once.
    /// </summary>
    /// <param name="name">Its name among the sources; by it the position is found again.</param>
    /// <param name="source">What is read, once for each run of the processor.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <remarks>
    /// Not with <see cref="ExecutionMode.Inline"/>. A source that fails is told in log and health, and is tried again.
    /// </remarks>
    /// <exception cref="ArgumentException">The name is empty or in use, or there are too many.</exception>
    public BuildStep<TEvent, TKey> ReadFrom(
        string name, ISeekableSource<TEvent> source, SourceOptions? options = null) =>
        With(SourceRegistration<TEvent>.Of(name, source, options));

    /// <summary>
    /// Has the processor read a source by itself that cannot seek, and is told which events are durable. Needs
    /// <c>DurableIn</c>.
    /// </summary>
    /// <param name="name">Its name among the sources.</param>
    /// <param name="source">What is read, once for each run of the processor.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <inheritdoc cref="ReadFrom(string, ISeekableSource{TEvent}, SourceOptions?)" path="/remarks|/exception"/>
    public BuildStep<TEvent, TKey> ReadFrom(
        string name, IAcknowledgedSource<TEvent> source, SourceOptions? options = null) =>
        With(SourceRegistration<TEvent>.Of(name, source, options));

    private protected override ISlotRemaking? Remaking => _sources.Count == 0
        ? null
        : new SlotRemaking<TEvent>(_sources, NewPublisher);

    private protected override BuildStep<TEvent, TKey> With(PipelineDefinition<TKey> definition) =>
        new(definition, _projection, _sources);

    private protected override StreamProcessor<TEvent, TKey> Create(PipelineDefinition<TKey> definition)
    {
        var durable = definition.Kept.Durable;
        SourceRegistration<TEvent>.Check(
            _sources, definition.Options.Mode, durable?.Options, definition.ProcessingTime);
        if (durable is not null)
        {
            var kept = definition.Kept with { Durable = durable with { Remaking = Remaking } };
            definition = definition with { Kept = kept };
        }

        return new(definition.Build(out var instruments), instruments, _projection, _sources);
    }

    /// <summary>Has it read these instead.</summary>
    internal BuildStep<TEvent, TKey> WithSources(IReadOnlyList<SourceRegistration<TEvent>> sources) =>
        new(Definition, _projection, sources);

    /// <summary>A publisher whose slots nobody handles.</summary>
    private ProjectingPublisher<TEvent, TKey> NewPublisher(RemakingParts parts)
    {
        var keys = ((KeyColumn<TKey>)parts.Ledger.Columns[0]).Keys;
        var writer = new EventWriter<TKey>(parts.Ring, keys, parts.Clock, parts.Rules, parts.Filters);
        return new(SourceRegistry.EventsName, writer, parts.Ledger.Sources, _projection.NewReader());
    }

    private BuildStep<TEvent, TKey> With(SourceRegistration<TEvent> added) =>
        WithSources(SourceRegistration<TEvent>.Add(_sources, added));
}
