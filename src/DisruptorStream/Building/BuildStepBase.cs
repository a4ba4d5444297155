using System.Diagnostics.Metrics;
using DisruptorStream.Building.Planning;
using DisruptorStream.Building.Replays;
using DisruptorStream.Codecs;
using DisruptorStream.Durability;
using DisruptorStream.Durability.Plans;
using DisruptorStream.Durability.Recording;
using DisruptorStream.Emission.Gating;
using DisruptorStream.Plans.Recording;
using DisruptorStream.Topology.Durable;
using DisruptorStream.Topology.Durable.Recording;
using DisruptorStream.Topology.Durable.Remaking;
using DisruptorStream.Topology.Durable.Replay;
using DisruptorStream.Watermarks;
using Microsoft.Extensions.Logging;

namespace DisruptorStream.Building;

/// <summary>
/// The last step: options, sinks, and the processor itself. Every method but the last returns a new step.
/// </summary>
/// <typeparam name="TStep">The step itself: what its methods return.</typeparam>
/// <typeparam name="TProcessor">The processor that is being built.</typeparam>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <remarks>
/// What <see cref="BuildStep{TKey}"/> and <see cref="BuildStep{TEvent, TKey}"/> have in common. Name it only where a
/// method of yours takes both.
/// </remarks>
public abstract class BuildStepBase<TStep, TProcessor, TKey> : OutputStepBase<TStep, TKey>
    where TStep : BuildStepBase<TStep, TProcessor, TKey>
    where TKey : notnull
{
    private protected BuildStepBase(PipelineDefinition<TKey> definition)
        : base(definition)
    {
    }

    /// <summary>The options so far.</summary>
    public StreamProcessorOptions Options => Definition.Options;

    /// <summary>How the engine learns that event time has passed, as it is so far.</summary>
    public WatermarkOptions Watermarks => Definition.Watermarks;

    /// <summary>The name that was set; null for none.</summary>
    public string? Name => Definition.GivenName;

    /// <summary>The clock that was set; null for none.</summary>
    public TimeProvider? TimeProvider => Definition.GivenTimeProvider;

    /// <summary>The logger that was set; null for none.</summary>
    public ILogger? Logger => Definition.GivenLogger;

    /// <summary>The factory of meters that was set; null for none.</summary>
    public IMeterFactory? MeterFactory => Definition.MeterFactory;

    /// <inheritdoc cref="Streams.QueryOutputStep{TEvent, TKey}.Top"/>
    public TStep Top(int count, string by, bool ascending = false) =>
        With(Definition with { Top = Rankings.Of(Definition.Metrics, count, by, ascending) });

    /// <summary>Sets the options.</summary>
    /// <param name="options">All of them; the last call counts.</param>
    public TStep WithOptions(StreamProcessorOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return With(Definition with { Options = options });
    }

    /// <summary>Changes some of the options, and leaves the others as they are.</summary>
    /// <param name="change">Gets the options so far, and returns those that count from here on.</param>
    /// <exception cref="ArgumentException">It returned null.</exception>
    public TStep ChangeOptions(Func<StreamProcessorOptions, StreamProcessorOptions> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        return WithOptions(change(Definition.Options) ?? throw new ArgumentException(
            "The change of the options returned null; return the options that are to count.", nameof(change)));
    }

    /// <summary>Sets how the engine learns that event time has passed, as the step of that name does.</summary>
    /// <param name="watermarks">All of it; the last call counts.</param>
    public TStep WithWatermarks(WatermarkOptions watermarks)
    {
        ArgumentNullException.ThrowIfNull(watermarks);
        return With(Definition with { Watermarks = watermarks });
    }

    /// <summary>Sets the clock. Default <see cref="TimeProvider.System"/>.</summary>
    /// <param name="timeProvider">
    /// Its time of day is read for processing time and the future-skew limit; its time stamps for every duration, such
    /// as idle time-outs, delays of triggers and the retention of keys; its timer drives the ticks. One of your own has
    /// to override GetUtcNow and GetTimestamp (with TimestampFrequency) alike.
    /// </param>
    public TStep WithTimeProvider(TimeProvider timeProvider)
    {
        ArgumentNullException.ThrowIfNull(timeProvider);
        return With(Definition with { GivenTimeProvider = timeProvider });
    }

    /// <summary>
    /// Says how keys are written as bytes, where their type does not say so itself or is to be written in another way.
    /// </summary>
    /// <param name="codec">Called on any thread, one at a time. Default <see cref="KeyCodecs.Find{TKey}"/>.</param>
    /// <remarks>
    /// Only a durable processor needs it (<see cref="DurableIn(string, DurabilityOptions?)"/>), and one with a flight
    /// recorder. Without one, keys may be of any type that equals by value.
    /// </remarks>
    public TStep WithKeyCodec(IKeyCodec<TKey> codec)
    {
        ArgumentNullException.ThrowIfNull(codec);
        return With(Definition with { KeyCodec = codec });
    }

    /// <summary>
    /// Keeps all that it knows in a directory: after any end, also that of the process or of the machine, a processor
    /// that is built alike goes on where this one was, with the same results.
    /// </summary>
    /// <param name="directory">
    /// Of this processor alone; it is made where it is not there. One owner at a time has it.
    /// </param>
    /// <param name="options">How; null for the defaults.</param>
    /// <remarks>
    /// Building it recovers: that takes about as long as loading the newest snapshot and handling again what came
    /// behind it. Dispose a processor that is durable, also an Inline one: it has threads beside it. docs/durability.md
    /// says what is promised, and what it costs.
    /// </remarks>
    /// <exception cref="ArgumentException">The directory is empty or white space.</exception>
    public TStep DurableIn(string directory, DurabilityOptions? options = null) =>
        DurableIn(DurableSettings.Of(directory, options));

    /// <summary>
    /// Keeps the last slots in memory, or in files, with the state before them, and dumps them to a directory on a
    /// fault, when a trigger says so, or when the program asks (<see cref="EventProcessor.FlightRecorder"/>). A replay
    /// of the dump gives the same results.
    /// </summary>
    /// <param name="dumpDirectory">
    /// Where the dumps go, each in a directory of its own. It is made with the first one.
    /// </param>
    /// <param name="options">What is kept, and when it is dumped; null for the defaults.</param>
    /// <remarks>
    /// Keys need a codec. Dispose a processor that records, also an Inline one: it has a thread beside it. Together
    /// with <see cref="DurableIn(string, DurabilityOptions?)"/> it is refused when it is built: what is durable can be
    /// replayed as it is. docs/flight-recorder.md says what it costs.
    /// </remarks>
    /// <exception cref="ArgumentException">
    /// The directory is empty or white space, or the options do not go together.
    /// </exception>
    public TStep RecordTo(string dumpDirectory, FlightRecorderOptions? options = null) =>
        RecordTo(RecorderSettings.Of(dumpDirectory, options));

    /// <summary>
    /// What the processor would be, as far as state and results depend on it, without building it: to be compared with
    /// a directory (<see cref="StatePlan.Compare"/>), or written to a file.
    /// </summary>
    /// <exception cref="ArgumentException">The settings do not go together; the message says which.</exception>
    public StatePlan ToStatePlan() => new(PlanRecorder.Record(ProcessorPlanner.Plan(Definition)));

    /// <summary>The sources that can give events again; null for none.</summary>
    private protected virtual ISlotRemaking? Remaking => null;

    /// <summary>Handles again what a directory holds: <see cref="Replays.Replay"/>.</summary>
    internal ReplayReport Replay(string directory, ReplayOptions options) =>
        ReplayPlanner.Run(Definition, new DirectoryReplay(directory, options, Remaking));

    /// <summary>As <see cref="DurableIn(string, DurabilityOptions?)"/>; null for not at all.</summary>
    internal TStep DurableIn(DurableSettings? settings) =>
        With(Definition with { Kept = Definition.Kept with { Durable = settings } });

    /// <summary>As <see cref="RecordTo(string, FlightRecorderOptions?)"/>; null for not at all.</summary>
    internal TStep RecordTo(RecorderSettings? settings) =>
        With(Definition with { Kept = Definition.Kept with { Recorder = settings } });

    /// <summary>Names the processor, to tell it from others in metrics, traces, logs and plans.</summary>
    /// <param name="name">Not empty. Default "default". Processors that share a meter need names of their own.</param>
    /// <exception cref="ArgumentException">The name is empty or white space.</exception>
    public TStep WithName(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return With(Definition with { GivenName = name });
    }

    /// <summary>
    /// Reports the processor's metrics through the meter "DisruptorStream" of this factory. Default: no instruments.
    /// </summary>
    /// <param name="factory">
    /// The host's, which dependency injection provides. Instruments are read when somebody collects them, on that
    /// thread; they end with the processor.
    /// </param>
    /// <remarks>docs/telemetry.md lists the instruments, their units and their tags.</remarks>
    public TStep WithMeterFactory(IMeterFactory factory)
    {
        ArgumentNullException.ThrowIfNull(factory);
        return With(Definition with { MeterFactory = factory });
    }

    /// <summary>Sets where warnings and failures are logged. Nothing is logged per event.</summary>
    /// <param name="logger">The logger.</param>
    public TStep WithLogger(ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(logger);
        return With(Definition with { GivenLogger = logger });
    }

    /// <summary>
    /// Builds the processor, with all its memory for slots. It takes events at once, and handles them once started.
    /// </summary>
    /// <exception cref="ArgumentException">The settings do not go together; the message says which.</exception>
    public TProcessor Build() => Create(Definition);

    /// <summary>Builds a processor that goes on where another was when its state was saved.</summary>
    /// <param name="state">What was saved by one that is built alike; read to its end.</param>
    /// <exception cref="Saving.StateException">It is damaged, or that of another plan.</exception>
    /// <exception cref="NotSupportedException">The keys have no codec; the message says why.</exception>
    internal TProcessor Load(Stream state) => Create(Definition with { SavedState = state });

    /// <summary>As <see cref="Load(Stream)"/>, with the state of another plan, that can go on in this one.</summary>
    /// <param name="state">What was saved; read to its end.</param>
    /// <param name="saved">The plan of the processor that saved it.</param>
    /// <exception cref="Saving.StateException">It is damaged, or not of that plan.</exception>
    internal TProcessor Load(Stream state, StatePlan saved) =>
        Create(Definition with { SavedState = state, Kept = Definition.Kept with { SavedPlan = saved.Record } });

    /// <summary>Holds results back until the gate says that they may go.</summary>
    internal TStep WithGate(DeliveryGate gate) => With(Definition with { Gate = gate });

    /// <summary>Keeps the state at a suspension: see <see cref="Topology.ProcessorServices.OnSuspend"/>.</summary>
    internal TStep WithSuspension(Func<long, CancellationToken, Task> onSuspend) =>
        With(Definition with { OnSuspend = onSuspend });

    private protected abstract TProcessor Create(PipelineDefinition<TKey> definition);
}
