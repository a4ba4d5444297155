using DisruptorStream.Aggregation;
using DisruptorStream.Aggregation.Metrics;
using DisruptorStream.Building;
using DisruptorStream.Emission;
using DisruptorStream.Emission.Delivery;
using DisruptorStream.Events;
using DisruptorStream.Ingest;
using DisruptorStream.Ingest.Keys;
using DisruptorStream.Ingest.Slots;
using DisruptorStream.Pipeline;
using DisruptorStream.Pipeline.Assignment;
using DisruptorStream.Pipeline.Executions;
using DisruptorStream.Pipeline.Lifecycle;
using DisruptorStream.Pipeline.Staged;
using DisruptorStream.Rings;
using DisruptorStream.State;
using DisruptorStream.State.Panes;
using DisruptorStream.State.PerWindow;
using DisruptorStream.State.Sessions;
using DisruptorStream.State.Slices;
using DisruptorStream.Telemetry;
using DisruptorStream.Watermarks;
using DisruptorStream.Windows;

namespace DisruptorStream;

/// <summary>
/// Turns a definition into the parts of a processor: the one place where stores, stages and threads are chosen.
/// </summary>
internal sealed class PipelineCompiler<TKey> : IPublishGate
    where TKey : notnull, IEquatable<TKey>
{
    private const int ResultRingRows = 4096;
    private const int RunRingCapacity = 4096;
    private const int InlineRingCapacity = 1024;
    private const int MostWindowsPerEvent = 65_536;

    private readonly PipelineDefinition<TKey> _definition;
    private readonly StreamProcessorOptions _options;
    private readonly ExecutionMode _mode;
    private readonly CancellationToken _abort;
    private readonly RingFault _fault = new(
        static fault => new PipelineException(fault.Stage, fault.Sequence, fault.Exception));

    private readonly KeyTable<TKey> _keys;
    private readonly SliceGrid? _grid;
    private readonly ProcessorMeters _meters;
    private readonly ResultRing[] _resultRings;
    private readonly AggregatePlan[] _plans;
    private ProcessorRuntime? _runtime;

    public PipelineCompiler(PipelineDefinition<TKey> definition, CancellationToken abort)
    {
        _abort = abort;
        _definition = definition;
        _options = definition.Options;
        _mode = ModeOf(_options);
        _meters = new ProcessorMeters(definition.TimeProvider, _options.MeasureLatency);
        _keys = new KeyTable<TKey>(_options.MaxKeys);
        if (definition.Window.Kind is WindowKind.Tumbling or WindowKind.Sliding)
            _grid = new SliceGrid(definition.Window);
        _plans = new AggregatePlan[_options.ShardCount];
        _resultRings = new ResultRing[_options.ShardCount];
        for (var shard = 0; shard < _plans.Length; shard++)
        {
            _plans[shard] = AggregatePlan.Compile(definition.Metrics, _options.NonFinite);
            var width = Math.Max(_plans[shard].Metrics.Count, definition.Measures.Count);
            _resultRings[shard] = new ResultRing(_mode == ExecutionMode.Staged ? ResultRingRows : 1, width);
        }
    }

    private long AllowedLatenessTicks => _definition switch
    {
        { ProcessingTime: true } => 0,
        { AllowedLateness: { } lateness } => lateness.Ticks,
        _ => _options.AllowedLatenessTicks,
    };

    private long OutOfOrdernessTicks => _definition.Watermarks.MaxOutOfOrderness?.Ticks ?? -1;

    public ProcessorParts<TKey> Compile(CancellationTokenSource abort)
    {
        if (_grid is not null && !UsesSlices())
            ThrowIfTooManyWindows(_grid);
        var results = new ResultStream<TKey>(
            _options.ResultBufferSize, overflowAllowed: _mode == ExecutionMode.Inline, _definition.TimeProvider);
        var dispatcher = new ResultDispatcher<TKey>(Delivery(results), _abort);
        var emission = new EmissionStage(_resultRings, dispatcher);
        var ring = NewRing();
        var assignment = new GuardedAssignment(NewAssignment());
        var shards = new AggregationStage[_options.ShardCount];
        var buffer = new ResultBuffer<TKey>(results);
        var clock = new ProcessingClock(_definition.TimeProvider);
        var reporter = new Reporter(
            assignment,
            shards,
            dispatcher,
            _meters.Waits,
            new LogLimiter(_definition.TimeProvider),
            _definition.Logger,
            _definition.Name);
        var ticker = NewTicker(ring, clock, reporter);
        var parts = new RuntimeParts
        {
            Ring = ring,
            Execution = NewExecution(ring, assignment, emission, shards, buffer, ticker),
            Emission = emission,
            Fault = _fault,
            Ticker = ticker,
            Results = buffer,
            Abort = abort,
            ShutdownTimeout = _options.ShutdownTimeout,
            IsInline = _mode == ExecutionMode.Inline,
            Logger = _definition.Logger,
            Name = _definition.Name,
        };
        _runtime = new ProcessorRuntime(parts);
        ticker.Tick();
        return new ProcessorParts<TKey>
        {
            Definition = _definition,
            Mode = _mode,
            Runtime = _runtime,
            RuntimeParts = parts,
            Keys = _keys,
            Writer = new EventWriter<TKey>(ring, _keys, clock, Rules()),
            Sources = new SourceRegistry(),
            Assignment = assignment,
            Shards = shards,
            Dispatcher = dispatcher,
            Results = results,
            RingBytes = RingBytes(ring),
            Meters = _meters,
        };
    }

    void IPublishGate.ThrowIfBlocked() => _runtime!.ThrowIfBlocked();

    private static ExecutionMode ModeOf(StreamProcessorOptions options)
    {
        var mode = options.Mode == ExecutionMode.Auto
            ? options.ShardCount > 1 ? ExecutionMode.Staged : ExecutionMode.Fused
            : options.Mode;
        return mode == ExecutionMode.Staged || options.ShardCount == 1 ? mode : throw new ArgumentException(
            $"ShardCount is {options.ShardCount} and Mode is {mode}: more than one shard needs Staged (or Auto).",
            nameof(options));
    }

    private static void ThrowIfTooManyWindows(SliceGrid grid)
    {
        if (grid.MaxWindowsPerEvent <= MostWindowsPerEvent)
            return;
        throw new ArgumentException(
            $"An event would be in {grid.MaxWindowsPerEvent} windows, each with state of its own, and "
            + $"{MostWindowsPerEvent} is the most; use a longer slide, or accumulating panes without an early "
            + "trigger, which share slices.",
            nameof(grid));
    }

    private bool UsesSlices() =>
        _grid is not null && _definition is { Accumulation: AccumulationMode.Accumulating, Early: null };

    private EventRing NewRing()
    {
        var measures = _definition.Measures.Count;
        if (_mode == ExecutionMode.Inline)
        {
            var capacity = Math.Min(_options.RingCapacity, InlineRingCapacity);
            return new InlineEventRing(
                new RingBuffer<EventSlot>(new SingleProducerSequencer(capacity, Wait(), Wait(), _fault)), measures)
            {
                Stamps = _meters.Latency?.Stamps,
            };
        }

        var sequencer = new MultiProducerSequencer(_options.RingCapacity, Wait(), Wait(), _fault)
        {
            WakeUpRoom = _options.RingCapacity / 4,
        };
        return new ThreadedEventRing(new RingBuffer<EventSlot>(sequencer), measures, this, _meters.Waits)
        {
            Stamps = _meters.Latency?.Stamps,
        };
    }

    private BatchTracer Tracer(string operation) => new(operation, _definition.Name, _options.BatchesPerTrace);

    private WaitStrategy Wait() => WaitStrategy.Create(_options.WaitStrategy, ProcessorBudget.Current, BusyThreads());

    /// <summary>The engine's threads and one publisher.</summary>
    private int BusyThreads() => _mode == ExecutionMode.Staged ? _options.ShardCount + 3 : 2;

    private WindowAssignmentStage NewAssignment()
    {
        var tracker = new WatermarkTracker(OutOfOrdernessTicks, _definition.Watermarks.IdleTimeout?.Ticks ?? -1);
        var rules = new AssignmentRules(
            AllowedLatenessTicks, OutOfOrdernessTicks, _definition.ProcessingTime, _options.MaxSlices)
        {
            SharesSlices = UsesSlices(),
            MixesSlices = UsesSlices() && !_definition.ProcessingTime,
        };
        return new WindowAssignmentStage(_grid, tracker, rules);
    }

    private DeliveryPlan<TKey> Delivery(ResultStream<TKey> results)
    {
        MetricInfo[] metrics = [.. _plans[0].Metrics];
        MeasureDefinition[] measures = [.. _definition.Measures];
        var schema = new ResultSchema(
            Array.ConvertAll(metrics, metric => metric.Name), Array.ConvertAll(metrics, metric => metric.Type));
        var shown = new ResultSchema(
            Array.ConvertAll(measures, measure => measure.Name), Array.ConvertAll(measures, measure => measure.Type));
        return new DeliveryPlan<TKey>
        {
            Schema = schema,
            Measures = shown,
            Keys = _keys,
            Failures = new ShardFailures(_plans),
            OnKeyReleased = _keys.Release,
            Sinks = _definition.Sinks,
            DroppedEventSinks = _definition.DroppedEventSinks,
            Stream = results,
            TimeProvider = _definition.TimeProvider,
            Latency = _meters.Latency,
            Tracer = Tracer(BatchTracer.Deliver),
        };
    }

    private PublishRules Rules() => new()
    {
        Measures = _definition.Measures,

        // The two ends of time are reserved. Sessions reach a gap beyond their event; fixed windows are checked by
        // their grid.
        FirstTimestamp = long.MinValue + 1,
        LastTimestamp = long.MaxValue - 1 - _definition.Window.GapTicks,
        FutureSkewTicks = _options.FutureSkewLimit?.Ticks,
        NonFinite = _options.NonFinite,
        ProcessingTime = _definition.ProcessingTime,
    };

    private Execution NewExecution(
        EventRing ring,
        GuardedAssignment assignment,
        EmissionStage emission,
        AggregationStage[] shards,
        ResultBuffer<TKey> buffer,
        ClockTicker ticker)
    {
        if (ring is ThreadedEventRing threaded && _mode == ExecutionMode.Staged)
            return NewStaged(threaded, assignment, emission, shards);

        shards[0] = NewShard(0, ring, new DirectOutput(_resultRings[0].Width, emission.Output));
        var chain = new StageChain(ring, assignment, shards[0], emission);
        if (ring is InlineEventRing inline)
        {
            var execution = new InlineExecution(
                chain, _fault, buffer, ticker, Tracer(BatchTracer.Handle));
            inline.Attach(execution);
            return execution;
        }

        return new FusedExecution(
            chain, (ThreadedEventRing)ring, _fault, _meters.AddStage("worker"), Tracer(BatchTracer.Handle));
    }

    private StagedExecution NewStaged(
        ThreadedEventRing ring, GuardedAssignment assignment, EmissionStage emission, AggregationStage[] shards)
    {
        var runs = new RingBuffer<EventRun>(new SingleProducerSequencer(RunRingCapacity, Wait(), Wait(), _fault));
        var (rows, room) = (Wait(), Wait());
        var clock = _meters.AddStage("assignment");
        var workers = new ShardWorker[shards.Length];
        for (var shard = 0; shard < shards.Length; shard++)
        {
            workers[shard] = new ShardWorker(
                runs, ring, rows, room, _fault, _meters.AddStage($"shard-{shard}"), _abort);
            shards[shard] = NewShard(shard, ring, new ShardOutput(_resultRings[shard], workers[shard]));
            workers[shard].Attach(shards[shard]);
        }

        return new StagedExecution(
            ring.Sequencer,
            runs,
            new AssignmentWorker(ring, assignment, runs, clock, Tracer(BatchTracer.Handle), _abort),
            workers,
            new EmissionWorker(emission, _resultRings, rows, room, _fault, _meters.AddStage("emission")),
            clock);
    }

    private ClockTicker NewTicker(EventRing ring, ProcessingClock clock, Reporter reporter) => new(
        ring,
        clock,
        _definition.TimeProvider,
        TickInterval(),
        ClockMatters(),
        reporter.Report,
        exception => RuntimeLog.ClockFailed(_definition.Logger, _definition.Name, exception));

    private AggregationStage NewShard(int shard, EventRing ring, PaneOutput output)
    {
        var counters = new ShardCounters();
        var context = new StoreContext
        {
            Plan = _plans[shard],
            Output = output,
            Window = _definition.Window,
            AllowedLatenessTicks = AllowedLatenessTicks,
            Accumulation = _definition.Accumulation,
            Early = Guard(_definition.Early, counters),
            Late = NewLate(counters),
            MeasureCount = _definition.Measures.Count,
            RouteDropped = _definition.DroppedEventSinks.Count > 0,
            MaxWindowsPerKey = _options.MaxWindowsPerKey,
            WindowOverflow = _options.WindowOverflow,
            MaxOutOfOrdernessTicks = OutOfOrdernessTicks,
            ProcessingTime = _definition.ProcessingTime,
            ShardMask = _options.ShardCount - 1,
            Shard = shard,
            Counters = counters,
            Activity = new KeyActivity(),
        };
        WindowStateStore store = _definition.Window.Kind switch
        {
            WindowKind.Session => new SessionStore(context),
            WindowKind.Custom => new WindowStore(context, null, _definition.CustomWindows),
            _ when UsesSlices() => new SliceStore(context, _grid!),
            _ => new WindowStore(context, _grid, null),
        };
        var retirement = _options.WindowRetention == TimeSpan.MaxValue
            ? null
            : new KeyRetirement(new KeyLifetime<TKey>(_keys), ring, store, context, _options.WindowRetention.Ticks);
        return new AggregationStage(context, store, _resultRings[shard], retirement);
    }

    /// <summary>
    /// None where no window takes an event after it has fired; the user's own may want to be told of panes regardless.
    /// </summary>
    private PaneTrigger? NewLate(ShardCounters counters) =>
        AllowedLatenessTicks == 0 && _definition.Late is not { IsUserCode: true }
        ? null
        : Guard(_definition.Late ?? NeverLate(), counters);

    private static PaneTrigger? Guard(PaneTrigger? trigger, ShardCounters counters) =>
        trigger is { IsUserCode: true } ? new GuardedPaneTrigger(trigger, counters) : trigger;

    /// <summary>
    /// Counts late events for the early trigger, which takes over if a session that has fired goes on.
    /// </summary>
    private PaneTrigger? NeverLate() => _definition.Early is null
        ? null
        : PaneTrigger.Create<CountDelayTrigger, CountDelayTrigger.State>(CountDelayTrigger.Never);

    private TimeSpan TickInterval()
    {
        var interval = _options.WatermarkInterval;
        if (_definition.ShortestDelay is { } delay && delay < interval)
            interval = delay;
        if (_definition.Watermarks.IdleTimeout is { } idle && idle < interval)
            interval = idle;
        return interval < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : interval;
    }

    private bool ClockMatters() =>
        _definition.ProcessingTime
        || _definition.HasCustomTrigger
        || _definition.ShortestDelay is not null
        || _definition.Watermarks.IdleTimeout is not null;

    private long RingBytes(EventRing ring)
    {
        var bytes = ring.BytesReserved;
        foreach (var rows in _resultRings)
            bytes += (long)rows.CapacityRows * (80 + (rows.Width * sizeof(long)));
        if (_mode == ExecutionMode.Staged)
            bytes += RunRingCapacity * 80L;
        return bytes;
    }
}

/// <summary>Compiles definitions.</summary>
internal static class PipelineCompiler
{
    /// <exception cref="ArgumentException">The settings do not go together.</exception>
    public static ProcessorParts<TKey> Compile<TKey>(PipelineDefinition<TKey> definition)
        where TKey : notnull, IEquatable<TKey>
    {
        // It has no timer and no wait handle, hence nothing to dispose.
        var abort = new CancellationTokenSource();
        return new PipelineCompiler<TKey>(definition, abort.Token).Compile(abort);
    }
}
