using DisruptorStream.Events;
using DisruptorStream.Hosting.Durable;
using DisruptorStream.Hosting.Sources;
using DisruptorStream.Hosting.Validation;
using DisruptorStream.Rings;
using DisruptorStream.Watermarks;
using DisruptorStream.Windows;
using Microsoft.Extensions.Options;

namespace DisruptorStream.Hosting;

/// <summary>
/// The settings of a hosted processor: those of the engine's <see cref="StreamProcessorOptions"/>, in a form that
/// configuration can bind, and what the host needs beside.
/// </summary>
/// <remarks>
/// They start from what the steps of the pipeline say; what the host sets or reads from configuration takes its place,
/// option by option. Validated when the host starts: a value that is out of range keeps it from starting, with the
/// processor's and the option's name, the value and the range. Read once; later changes of the configuration change
/// nothing.
/// </remarks>
public sealed class HostedProcessorOptions
{
    private static readonly StreamProcessorOptions Defaults = new();
    private static readonly TimeSpan DefaultQuiet = TimeSpan.FromSeconds(5);

    private StopMode? _stopMode;

    /// <summary>
    /// What becomes of open windows when the host stops. Default of a processor that is not durable
    /// <see cref="DisruptorStream.StopMode.Complete"/>: they fire with what they have, so that no event is without a
    /// result, and their panes are marked as partial (<see cref="Emission.WindowResult{TKey}.IsPartial"/>). Default of
    /// a durable one <see cref="DisruptorStream.StopMode.Suspend"/>: they stay open, and the next run goes on with
    /// them. Suspend needs durable state: without it the host does not start.
    /// </summary>
    [DefinedValue<StopMode>]
    public StopMode StopMode
    {
        get => _stopMode ?? (Durability.Directory is null ? StopMode.Complete : StopMode.Suspend);
        set => _stopMode = value;
    }

    /// <summary>Where and how it keeps its journal and its snapshots. Default what the step DurableIn says.</summary>
    /// <remarks>In configuration a section of its own, with the keys that its properties are named by.</remarks>
    [ValidateObjectMembers]
    public HostedDurabilityOptions Durability { get; } = new();

    /// <summary>What its flight recorder keeps, and where its dumps go. Default what the step RecordTo says.</summary>
    /// <remarks>
    /// In configuration a section of its own. A durable processor has none: with both, the host does not start.
    /// </remarks>
    [ValidateObjectMembers]
    public HostedFlightRecorderOptions FlightRecorder { get; } = new();

    /// <summary>
    /// Whether the host stops when the processor, or the reader of its results, has failed. Default true. The host's
    /// run then ends with the failure, for the one who watches over the process.
    /// </summary>
    public bool StopHostOnFault { get; set; } = true;

    /// <inheritdoc cref="StreamProcessorOptions.AllowLateEvents"/>
    public bool AllowLateEvents { get; set; } = Defaults.AllowLateEvents;

    /// <inheritdoc cref="StreamProcessorOptions.LateEventThreshold" path="/summary"/>
    [TimeRange("00:00:00")]
    public TimeSpan LateEventThreshold { get; set; } = Defaults.LateEventThreshold;

    /// <inheritdoc cref="StreamProcessorOptions.WatermarkInterval" path="/summary"/>
    [TimeRange("00:00:00.001", "01:00:00")]
    public TimeSpan WatermarkInterval { get; set; } = Defaults.WatermarkInterval;

    /// <summary>
    /// How long no source may have sent anything before event time goes on with the clock, so that the last windows
    /// fire; at least 1 ms. Default what the pipeline's <see cref="WatermarkOptions.AdvanceWhenQuiet"/> says, and where
    /// it says nothing 5 seconds for sources with bounded out-of-orderness, null for explicit watermarks. Null, and an
    /// empty value in configuration, for event time that waits for the next event.
    /// </summary>
    [TimeRange("00:00:00.001")]
    public TimeSpan? AdvanceWhenQuiet { get; set; } = DefaultQuiet;

    /// <summary>
    /// How far the watermark of a source stays behind its newest event; zero or more. Default what the pipeline's
    /// <see cref="WatermarkOptions.MaxOutOfOrderness"/> says. Null, and an empty value in configuration, for explicit
    /// watermarks only.
    /// </summary>
    [TimeRange("00:00:00")]
    public TimeSpan? MaxOutOfOrderness { get; set; } = TimeSpan.Zero;

    /// <summary>
    /// How long a source must have been silent before it is left out; at least 1 ms. Default what the pipeline's
    /// <see cref="WatermarkOptions.IdleTimeout"/> says. Null, and an empty value in configuration, for never.
    /// </summary>
    [TimeRange("00:00:00.001")]
    public TimeSpan? IdleTimeout { get; set; }

    /// <inheritdoc cref="StreamProcessorOptions.WindowRetention" path="/summary"/>
    [TimeRange("00:00:01")]
    public TimeSpan WindowRetention { get; set; } = Defaults.WindowRetention;

    /// <inheritdoc cref="StreamProcessorOptions.MaxWindowsPerKey" path="/summary"/>
    [WholeRange(1, 1 << 20)]
    public int MaxWindowsPerKey { get; set; } = Defaults.MaxWindowsPerKey;

    /// <inheritdoc cref="StreamProcessorOptions.WindowOverflow"/>
    [DefinedValue<WindowOverflowPolicy>]
    public WindowOverflowPolicy WindowOverflow { get; set; } = Defaults.WindowOverflow;

    /// <inheritdoc cref="StreamProcessorOptions.MaxSlices" path="/summary"/>
    [WholeRange(1, 1 << 24)]
    public int MaxSlices { get; set; } = Defaults.MaxSlices;

    /// <inheritdoc cref="StreamProcessorOptions.MaxKeys" path="/summary"/>
    [WholeRange(1, 1 << 30)]
    public int MaxKeys { get; set; } = Defaults.MaxKeys;

    /// <inheritdoc cref="StreamProcessorOptions.ResultBufferSize" path="/summary"/>
    [WholeRange(1, 1 << 24)]
    public int ResultBufferSize { get; set; } = Defaults.ResultBufferSize;

    /// <inheritdoc cref="StreamProcessorOptions.FutureSkewLimit" path="/summary"/>
    [TimeRange("00:00:00")]
    public TimeSpan? FutureSkewLimit { get; set; } = Defaults.FutureSkewLimit;

    /// <inheritdoc cref="StreamProcessorOptions.NonFinite"/>
    [DefinedValue<NonFinitePolicy>]
    public NonFinitePolicy NonFinite { get; set; } = Defaults.NonFinite;

    /// <inheritdoc cref="StreamProcessorOptions.RingCapacity" path="/summary"/>
    [WholeRange(64, 1 << 26, PowerOfTwo = true)]
    public int RingCapacity { get; set; } = Defaults.RingCapacity;

    /// <inheritdoc cref="StreamProcessorOptions.Mode"/>
    [DefinedValue<ExecutionMode>]
    public ExecutionMode Mode { get; set; } = Defaults.Mode;

    /// <inheritdoc cref="StreamProcessorOptions.ShardCount" path="/summary"/>
    [WholeRange(1, 64, PowerOfTwo = true)]
    public int ShardCount { get; set; } = Defaults.ShardCount;

    /// <inheritdoc cref="StreamProcessorOptions.WaitStrategy"/>
    [DefinedValue<WaitStrategyKind>]
    public WaitStrategyKind WaitStrategy { get; set; } = Defaults.WaitStrategy;

    /// <summary>
    /// How long the threads of a processor that is aborted, because the host's own time-out is over, may take to end
    /// before control returns regardless. 1 ms to 1 hour; default 5 seconds.
    /// </summary>
    [TimeRange("00:00:00.001", "01:00:00")]
    public TimeSpan ShutdownTimeout { get; set; } = Defaults.ShutdownTimeout;

    /// <inheritdoc cref="StreamProcessorOptions.MeasureLatency"/>
    public bool MeasureLatency { get; set; } = Defaults.MeasureLatency;

    /// <inheritdoc cref="StreamProcessorOptions.WatermarkHistory" path="/summary"/>
    [WholeRange(0, 65_536)]
    public int WatermarkHistory { get; set; } = Defaults.WatermarkHistory;

    /// <inheritdoc cref="StreamProcessorOptions.BatchesPerTrace" path="/summary"/>
    [WholeRange(1, 1 << 30)]
    public int BatchesPerTrace { get; set; } = Defaults.BatchesPerTrace;

    /// <summary>How it reads each of its sources. In configuration the section Sources.</summary>
    internal HostedSources Sources { get; } = new();

    /// <summary>How it reads a source. Default what the step ReadFrom says.</summary>
    /// <param name="name">The name of the source, as of that step.</param>
    /// <remarks>In configuration the section Sources has a section for each source, by its name.</remarks>
    /// <exception cref="KeyNotFoundException">The processor reads no source of the name.</exception>
    public HostedSourceOptions Source(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Sources[name];
    }

    /// <summary>Takes over what the steps of the pipeline say.</summary>
    internal void StartFrom(StreamProcessorOptions options, WatermarkOptions watermarks)
    {
        AdvanceWhenQuiet = watermarks.AdvanceWhenQuiet
            ?? (watermarks.MaxOutOfOrderness is null ? null : DefaultQuiet);
        MaxOutOfOrderness = watermarks.MaxOutOfOrderness;
        IdleTimeout = watermarks.IdleTimeout;
        AllowLateEvents = options.AllowLateEvents;
        LateEventThreshold = options.LateEventThreshold;
        WatermarkInterval = options.WatermarkInterval;
        WindowRetention = options.WindowRetention;
        MaxWindowsPerKey = options.MaxWindowsPerKey;
        WindowOverflow = options.WindowOverflow;
        MaxSlices = options.MaxSlices;
        MaxKeys = options.MaxKeys;
        ResultBufferSize = options.ResultBufferSize;
        FutureSkewLimit = options.FutureSkewLimit;
        NonFinite = options.NonFinite;
        RingCapacity = options.RingCapacity;
        Mode = options.Mode;
        ShardCount = options.ShardCount;
        WaitStrategy = options.WaitStrategy;
        ShutdownTimeout = options.ShutdownTimeout;
        MeasureLatency = options.MeasureLatency;
        WatermarkHistory = options.WatermarkHistory;
        BatchesPerTrace = options.BatchesPerTrace;
    }

    /// <summary>What the pipeline says of watermarks, with what the host has changed.</summary>
    internal WatermarkOptions ToEngine(WatermarkOptions watermarks) =>
        watermarks with
        {
            MaxOutOfOrderness = MaxOutOfOrderness,
            IdleTimeout = IdleTimeout,
            AdvanceWhenQuiet = AdvanceWhenQuiet,
        };

    internal StreamProcessorOptions ToEngine() => new()
    {
        AllowLateEvents = AllowLateEvents,
        LateEventThreshold = LateEventThreshold,
        WatermarkInterval = WatermarkInterval,
        WindowRetention = WindowRetention,
        MaxWindowsPerKey = MaxWindowsPerKey,
        WindowOverflow = WindowOverflow,
        MaxSlices = MaxSlices,
        MaxKeys = MaxKeys,
        ResultBufferSize = ResultBufferSize,
        FutureSkewLimit = FutureSkewLimit,
        NonFinite = NonFinite,
        RingCapacity = RingCapacity,
        Mode = Mode,
        ShardCount = ShardCount,
        WaitStrategy = WaitStrategy,
        ShutdownTimeout = ShutdownTimeout,
        MeasureLatency = MeasureLatency,
        WatermarkHistory = WatermarkHistory,
        BatchesPerTrace = BatchesPerTrace,
    };
}
