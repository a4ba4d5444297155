using System.Diagnostics.Metrics;
using DisruptorStream.Aggregation;
using DisruptorStream.Aggregation.Metrics;
using DisruptorStream.Codecs;
using DisruptorStream.Emission;
using DisruptorStream.Emission.Delivery;
using DisruptorStream.Emission.Gating;
using DisruptorStream.Emission.Pumping;
using DisruptorStream.Emission.Ranking;
using DisruptorStream.Reporting.Instruments;
using DisruptorStream.Slots;
using DisruptorStream.State.Panes;
using DisruptorStream.State.Sessions.Clocks;
using DisruptorStream.Topology;
using DisruptorStream.Topology.Durable.Recording;
using DisruptorStream.Topology.Queries;
using DisruptorStream.Topology.State;
using DisruptorStream.Watermarks;
using DisruptorStream.Windows;
using DisruptorStream.Windows.Gaps;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace DisruptorStream.Building.Planning;

/// <summary>All that a processor was asked to be. The builder's steps fill it in, the compiler reads it.</summary>
internal sealed record PipelineDefinition<TKey>
    where TKey : notnull
{
    /// <summary>The measures that a slot carries: at least one.</summary>
    public IReadOnlyList<MeasureDefinition> Measures { get; init; } =
        [new MeasureDefinition("value", 0, MeasureType.Double)];

    /// <summary>Whether the slot's one measure is a filler: events of a type that has none.</summary>
    public bool HasNoMeasure { get; init; }

    /// <summary>The filters of which the host gives the bits.</summary>
    public FilterNames Filters { get; init; } = FilterNames.Empty;

    public WindowDefinition Window { get; init; } = FixedWindows.Tumbling(1);

    public WatermarkOptions Watermarks { get; init; } = new();

    /// <summary>How the time of each key goes on; null where all go by the same watermark.</summary>
    public KeyTimeRules? KeyTime { get; init; }

    public bool ProcessingTime { get; init; }

    /// <summary>Null for what the options say.</summary>
    public TimeSpan? AllowedLateness { get; init; }

    /// <summary>What fires early panes; null for none.</summary>
    public PaneTrigger? Early { get; init; }

    /// <summary>What fires late panes; null when only the expiry flushes them.</summary>
    public PaneTrigger? Late { get; init; } =
        PaneTrigger.Create<CountDelayTrigger, CountDelayTrigger.State>(new CountDelayTrigger(1, -1));

    /// <summary>The shortest delay of a trigger, for the cadence of the clock.</summary>
    public TimeSpan? ShortestDelay { get; init; }

    public bool HasCustomTrigger { get; init; }

    /// <summary>Whether results depend on the clock.</summary>
    public bool ClockMatters =>
        ProcessingTime || HasCustomTrigger || ShortestDelay is not null || Watermarks.GoesByClock
        || KeyTime is { CloseAfterTicks: > 0 };

    /// <summary>How often the clock enters the sequence: as often as the shortest wait for it asks.</summary>
    public TimeSpan TickInterval => ProcessorPlanner.TickIntervalOf(Options, ShortestWait, Watermarks);

    /// <summary>The shortest wait for the clock that the query has itself; null for none.</summary>
    public TimeSpan? ShortestWait =>
        KeyTime is { CloseAfterTicks: > 0 and var after } && !(ShortestDelay?.Ticks <= after)
            ? new TimeSpan(after)
            : ShortestDelay;

    public AccumulationMode Accumulation { get; init; }

    /// <summary>How windows without events are filled; null where they are not.</summary>
    public GapFilling? Gaps { get; init; }

    /// <summary>The condition of which panes are shown; null for all panes.</summary>
    public string? Having { get; init; }

    /// <summary>Which panes of a window are shown; null for all.</summary>
    public TopRanking? Top { get; init; }

    public IReadOnlyList<MetricDefinition> Metrics { get; init; } = [];

    public StreamProcessorOptions Options { get; init; } = new();

    public TimeProvider TimeProvider => GivenTimeProvider ?? TimeProvider.System;

    /// <summary>Null where none was set.</summary>
    public TimeProvider? GivenTimeProvider { get; init; }

    /// <summary>The processor's own name, to tell it from others in logs and metrics.</summary>
    public string Name => GivenName ?? "default";

    /// <summary>Null where none was set.</summary>
    public string? GivenName { get; init; }

    /// <summary>Writes and reads the keys; null for the one that their type has.</summary>
    public IKeyCodec<TKey>? KeyCodec { get; init; }

    /// <summary>Makes the meter; null for no instruments.</summary>
    public IMeterFactory? MeterFactory { get; init; }

    public ILogger Logger => GivenLogger ?? NullLogger.Instance;

    /// <summary>Null where none was set.</summary>
    public ILogger? GivenLogger { get; init; }

    /// <summary>Where the processor goes on; null to begin anew.</summary>
    public Stream? SavedState { get; init; }

    /// <summary>Where it keeps a journal and snapshots, and what its flight recorder keeps.</summary>
    public KeptSettings Kept { get; init; } = KeptSettings.Nothing;

    /// <summary>What the host gives beside the plan.</summary>
    public ProcessorServices Services => new(TimeProvider, Logger)
    {
        ShutdownTimeout = Options.ShutdownTimeout,
        MeasuresLatency = Options.MeasureLatency,
        BatchesPerTrace = Options.BatchesPerTrace,
        OnSuspend = OnSuspend,
    };

    /// <summary>Where the results go.</summary>
    public QueryServices<TKey> DeliveryOf(StreamProcessorOptions options) => new()
    {
        Sinks = Sinks,
        DroppedEventSinks = DroppedEventSinks,
        AsyncSinks = AsyncSinks,
        Gate = Gate,
        ResultBufferSize = options.ResultBufferSize,
    };

    public IReadOnlyList<SinkRegistration<IResultSink<TKey>>> Sinks { get; init; } = [];

    public IReadOnlyList<SinkRegistration<IDroppedEventSink<TKey>>> DroppedEventSinks { get; init; } = [];

    public IReadOnlyList<AsyncSinkRegistration<TKey>> AsyncSinks { get; init; } = [];

    /// <summary>Holds results back until they may go; null for nothing of the kind.</summary>
    public DeliveryGate? Gate { get; init; }

    /// <summary>Keeps the state at a suspension; null where it is not durable.</summary>
    public Func<long, CancellationToken, Task>? OnSuspend { get; init; }

    /// <summary>Builds what was asked for.</summary>
    /// <param name="instruments">What it was measured with; null for nothing.</param>
    /// <param name="tap">Sees what an Inline processor handles before its stages do; null for nobody.</param>
    /// <exception cref="ArgumentException">The settings do not go together.</exception>
    public ProcessorParts Build(
        out ProcessorInstruments? instruments, Func<ISlotConsumer, ISlotConsumer>? tap = null)
    {
        var plan = ProcessorPlanner.Plan(this);
        var services = Services;
        instruments = ProcessorInstruments.Of(MeterFactory, Name, services.HostFailures);
        services = services with { Histograms = instruments?.Histograms, InlineTap = tap };
        KeyColumnMaker[] keys = [new KeyColumnMaker<TKey>(Options.MaxKeys, KeyCodec)];
        DeliveryMaker[] deliveries = [new DeliveryMaker<TKey>(DeliveryOf(Options))];
        return ProcessorTopology.Make(plan, services, keys, deliveries, SavedState, Kept);
    }

    public PipelineDefinition<TKey> WithDelay(TimeSpan? delay) => delay is { } given
        ? this with { ShortestDelay = ShortestDelay is { } other && other < given ? other : given }
        : this;
}
