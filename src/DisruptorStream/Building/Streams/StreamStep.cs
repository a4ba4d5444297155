using System.Diagnostics.Metrics;
using DisruptorStream.Building.Planning;
using DisruptorStream.Building.Replays;
using DisruptorStream.Durability;
using DisruptorStream.Durability.Plans;
using DisruptorStream.Durability.Recording;
using DisruptorStream.Plans.Recording;
using DisruptorStream.Reporting.Instruments;
using DisruptorStream.Sources.Reading;
using DisruptorStream.Streams;
using DisruptorStream.Topology.Durable;
using DisruptorStream.Topology.Durable.Recording;
using DisruptorStream.Topology.Durable.Remaking;
using DisruptorStream.Topology.Durable.Replay;
using DisruptorStream.Topology.Queries;
using DisruptorStream.Topology.State;
using DisruptorStream.Topology;
using DisruptorStream.Watermarks;
using Microsoft.Extensions.Logging;

namespace DisruptorStream.Building.Streams;

/// <summary>
/// The last step to a stream: its queries, its settings, and the stream itself. Every method but the last returns a new
/// step.
/// </summary>
/// <typeparam name="TEvent">The host's own type of event.</typeparam>
public sealed class StreamStep<TEvent>
{
    private readonly StreamDefinition<TEvent> _definition;

    internal StreamStep(StreamDefinition<TEvent> definition) => _definition = definition;

    /// <summary>The settings so far.</summary>
    public StreamProcessorOptions Options => _definition.Options;

    /// <summary>The name that was set; null for none.</summary>
    public string? Name => _definition.GivenName;

    /// <summary>The clock that was set; null for none.</summary>
    public TimeProvider? TimeProvider => _definition.GivenTimeProvider;

    /// <summary>The logger that was set; null for none.</summary>
    public ILogger? Logger => _definition.GivenLogger;

    /// <summary>The factory of meters that was set; null for none.</summary>
    public IMeterFactory? MeterFactory => _definition.MeterFactory;

    /// <summary>The names of the queries, in their order.</summary>
    public IReadOnlyList<string> Queries
    {
        get
        {
            var names = new List<string>();
            foreach (var query in _definition.Queries)
                names.Add(query.Name);
            return names;
        }
    }

    internal StreamDefinition<TEvent> Definition => _definition;

    /// <summary>Adds a query, which sees every event that is published, in the order of publication.</summary>
    /// <typeparam name="TKey">The type of the query's keys.</typeparam>
    /// <param name="name">Its name, of its own among the queries of the stream.</param>
    /// <param name="query">Describes it: filter, keys, windows, metrics, outputs.</param>
    /// <remarks>
    /// The results are those of a processor that has this query alone, gets the same events, and follows the same
    /// sources, watermarks and clock.
    /// </remarks>
    /// <exception cref="ArgumentException">
    /// The name is empty or in use, the query returned null or a step of another query, or its settings do not go
    /// together.
    /// </exception>
    public StreamStep<TEvent> Query<TKey>(string name, Func<QueryStep<TEvent>, QueryOutputStep<TEvent, TKey>> query)
        where TKey : notnull
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(query);
        foreach (var other in _definition.Queries)
        {
            if (string.Equals(other.Name, name, StringComparison.Ordinal))
                throw new ArgumentException($"There is already a query '{name}'; choose another name.", nameof(name));
        }

        var scope = new QueryScope<TEvent>(_definition, name);
        var described = query(new QueryStep<TEvent>(scope));
        if (described?.Scope != scope)
        {
            throw new ArgumentException(
                $"The query '{name}' returned {(described is null ? "null" : "the step of another query")}; return "
                + "the last step of what it was given.",
                nameof(query));
        }

        return new(_definition with
        {
            Filters = scope.Filters,
            Keys = scope.Keys,
            Queries = [.. _definition.Queries, described.Query],
        });
    }

    /// <summary>
    /// How event time advances, for all queries. Default: with every event, without out-of-orderness, sources never
    /// idle.
    /// </summary>
    /// <param name="options">The settings.</param>
    public StreamStep<TEvent> Watermarks(WatermarkOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new(_definition with { Watermarks = options });
    }

    /// <summary>
    /// The windows of all queries go by the clock at which events are published; timestamps are ignored and nothing is
    /// late.
    /// </summary>
    public StreamStep<TEvent> InProcessingTime() => new(_definition with { ProcessingTime = true });

    /// <summary>Sets the options. They hold for all queries.</summary>
    /// <param name="options">All of them; the last call counts.</param>
    public StreamStep<TEvent> WithOptions(StreamProcessorOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new(_definition with { Options = options });
    }

    /// <summary>Changes some of the options, and leaves the others as they are.</summary>
    /// <param name="change">Gets the options so far, and returns those that count from here on.</param>
    /// <exception cref="ArgumentException">It returned null.</exception>
    public StreamStep<TEvent> ChangeOptions(Func<StreamProcessorOptions, StreamProcessorOptions> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        return WithOptions(change(_definition.Options) ?? throw new ArgumentException(
            "The change of the options returned null; return the options that are to count.", nameof(change)));
    }

    /// <summary>Sets the clock. Default <see cref="TimeProvider.System"/>.</summary>
    /// <param name="timeProvider">As for <see cref="BuildStepBase{TStep, TProcessor, TKey}.WithTimeProvider"/>.</param>
    public StreamStep<TEvent> WithTimeProvider(TimeProvider timeProvider)
    {
        ArgumentNullException.ThrowIfNull(timeProvider);
        return new(_definition with { GivenTimeProvider = timeProvider });
    }

    /// <inheritdoc cref="BuildStepBase{TStep, TProcessor, TKey}.DurableIn(string, DurabilityOptions?)"/>
    public StreamStep<TEvent> DurableIn(string directory, DurabilityOptions? options = null) =>
        DurableIn(DurableSettings.Of(directory, options));

    /// <inheritdoc cref="BuildStepBase{TStep, TProcessor, TKey}.RecordTo(string, FlightRecorderOptions?)"/>
    public StreamStep<TEvent> RecordTo(string dumpDirectory, FlightRecorderOptions? options = null) =>
        RecordTo(RecorderSettings.Of(dumpDirectory, options));

    /// <inheritdoc cref="BuildStepBase{TStep, TProcessor, TKey}.ToStatePlan"/>
    public StatePlan ToStatePlan() => new(PlanRecorder.Record(StreamPlanner.Plan(_definition)));

    /// <summary>As <see cref="DurableIn(string, DurabilityOptions?)"/>; null for not at all.</summary>
    internal StreamStep<TEvent> DurableIn(DurableSettings? settings) =>
        new(_definition with { Kept = _definition.Kept with { Durable = settings } });

    /// <summary>Has it read these sources instead.</summary>
    internal StreamStep<TEvent> WithSources(IReadOnlyList<SourceRegistration<TEvent>> sources) =>
        new(_definition with { Sources = sources });

    /// <summary>As <see cref="RecordTo(string, FlightRecorderOptions?)"/>; null for not at all.</summary>
    internal StreamStep<TEvent> RecordTo(RecorderSettings? settings) =>
        new(_definition with { Kept = _definition.Kept with { Recorder = settings } });

    /// <summary>Names the stream, to tell it from others in metrics, traces, logs and plans.</summary>
    /// <param name="name">Not empty. Default "default". Streams that share a meter need names of their own.</param>
    /// <exception cref="ArgumentException">The name is empty or white space.</exception>
    public StreamStep<TEvent> WithName(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return new(_definition with { GivenName = name });
    }

    /// <summary>
    /// Reports the metrics of the stream and its queries through the meter "DisruptorStream" of this factory. Default:
    /// no instruments.
    /// </summary>
    /// <param name="factory">
    /// The host's, which dependency injection provides. Instruments are read when somebody collects them, on that
    /// thread; they end with the stream.
    /// </param>
    public StreamStep<TEvent> WithMeterFactory(IMeterFactory factory)
    {
        ArgumentNullException.ThrowIfNull(factory);
        return new(_definition with { MeterFactory = factory });
    }

    /// <summary>Sets where warnings and failures are logged. Nothing is logged per event.</summary>
    /// <param name="logger">The logger.</param>
    public StreamStep<TEvent> WithLogger(ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(logger);
        return new(_definition with { GivenLogger = logger });
    }

    /// <summary>
    /// Builds the stream, with all its memory for slots. It takes events at once, and handles them once started.
    /// </summary>
    /// <exception cref="ArgumentException">The settings do not go together; the message says which.</exception>
    public EventStream<TEvent> Build() => Build(saved: null);

    /// <summary>Builds a stream that goes on where another was when its state was saved.</summary>
    /// <param name="state">What was saved by one that is built alike; read to its end.</param>
    /// <exception cref="Saving.StateException">It is damaged, or that of another plan.</exception>
    /// <exception cref="NotSupportedException">The keys have no codec; the message says why.</exception>
    internal EventStream<TEvent> Load(Stream state) => Build(state);

    /// <summary>Keeps the state at a suspension: see <see cref="ProcessorServices.OnSuspend"/>.</summary>
    internal StreamStep<TEvent> WithSuspension(Func<long, CancellationToken, Task> onSuspend) =>
        new(_definition with { OnSuspend = onSuspend });

    /// <summary>Handles again what a directory holds: <see cref="Building.Replays.Replay"/>.</summary>
    internal ReplayReport Replay(string directory, ReplayOptions options)
    {
        var (keys, deliveries) = (NewKeys(), NewDeliveries());
        return new DirectoryReplay(directory, options, RemakingOf(_definition.Sources))
            .Run(StreamPlanner.Plan(_definition), NewServices(), keys, deliveries);
    }

    private EventStream<TEvent> Build(Stream? saved)
    {
        var kept = _definition.Kept;
        SourceRegistration<TEvent>.Check(
            _definition.Sources, _definition.Options.Mode, kept.Durable?.Options, _definition.ProcessingTime);
        if (kept.Durable is { Remaking: null } durable)
            kept = kept with { Durable = durable with { Remaking = RemakingOf(_definition.Sources) } };
        var plan = StreamPlanner.Plan(_definition);
        var services = NewServices();
        var instruments = ProcessorInstruments.Of(_definition.MeterFactory, plan.Name, services.HostFailures);
        services = services with { Histograms = instruments?.Histograms };
        var parts = ProcessorTopology.Make(
            plan, services, NewKeys(), NewDeliveries(), saved, kept);
        return new EventStream<TEvent>(parts, instruments, _definition.Projection, [.. _definition.KeyReaders])
            .Reading(_definition.Sources);
    }

    /// <summary>Sources that can give events again, in the way of this stream; null for none.</summary>
    internal ISlotRemaking? RemakingOf(IReadOnlyList<SourceRegistration<TEvent>> sources) =>
        StreamRemaking.Of(_definition, sources);

    private ProcessorServices NewServices() => new(_definition.TimeProvider, _definition.Logger)
    {
        ShutdownTimeout = _definition.Options.ShutdownTimeout,
        MeasuresLatency = _definition.Options.MeasureLatency,
        BatchesPerTrace = _definition.Options.BatchesPerTrace,
        OnSuspend = _definition.OnSuspend,
    };

    private List<KeyColumnMaker> NewKeys()
    {
        var keys = new List<KeyColumnMaker>();
        foreach (var key in _definition.Keys)
            keys.Add(key.NewMaker(_definition.Options.MaxKeys));
        return keys;
    }

    private List<DeliveryMaker> NewDeliveries()
    {
        var deliveries = new List<DeliveryMaker>();
        foreach (var query in _definition.Queries)
            deliveries.Add(query.DeliveryOf(_definition.Options));
        return deliveries;
    }
}
