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
using DisruptorStream.Plans;
using DisruptorStream.Rings;
using DisruptorStream.State;
using DisruptorStream.State.Panes;
using DisruptorStream.Telemetry;
using DisruptorStream.Telemetry.Guards;
using DisruptorStream.Topology;
using DisruptorStream.Watermarks;

namespace DisruptorStream;

/// <summary>
/// Turns a definition into the parts of a processor: the one place where stores, stages and threads are chosen.
/// </summary>
internal sealed class PipelineCompiler<TKey> : IPublishGate
    where TKey : notnull
{
    private readonly PipelineDefinition<TKey> _definition;
    private readonly StreamProcessorOptions _options;
    private readonly ProcessorPlan _plan;
    private readonly CancellationToken _abort;
    private readonly RingFault _fault;
    private readonly EngineThreads _threads = new();
    private readonly KeyTable<TKey> _keys;
    private readonly ProcessorMeters _meters;
    private readonly GuardedClock? _guardedClock;
    private readonly ResultRing[] _resultRings;
    private readonly AggregatePlan[] _plans;
    private ProcessorRuntime? _runtime;

    public PipelineCompiler(PipelineDefinition<TKey> definition, CancellationToken abort)
    {
        _abort = abort;
        var name = definition.Name;
        _fault = new RingFault(fault => fault.IsFailure
            ? new PipelineException(fault.Stage, fault.Sequence, fault.Exception)
            : ProcessorStoppedException.Of(name));
        _options = definition.Options;

        // The one place where the host's logger and clock come in. The system's clock does not throw.
        var failures = new HostFailures();
        if (definition.TimeProvider != TimeProvider.System)
            _guardedClock = new GuardedClock(definition.TimeProvider, failures);
        _definition = definition = definition with
        {
            GivenLogger = new GuardedLogger(definition.Logger, failures),
            GivenTimeProvider = _guardedClock ?? TimeProvider.System,
        };
        _plan = ProcessorPlanner.Plan(definition);
        _meters = new ProcessorMeters(definition.TimeProvider, _options.MeasureLatency, failures);
        _keys = new KeyTable<TKey>(Input.MaxKeys);
        _plans = new AggregatePlan[Execution.ShardCount];
        _resultRings = new ResultRing[Execution.ShardCount];
        for (var shard = 0; shard < _plans.Length; shard++)
        {
            _plans[shard] = AggregatePlan.Compile(Query.Metrics, Query.NonFinite);
            var width = Math.Max(Query.Metrics.Count, Input.Rules.Measures.Count);
            _resultRings[shard] = new ResultRing(Execution.ResultRows, width);
        }
    }

    private InputPlan Input => _plan.Inputs[0];

    private QueryPlan Query => _plan.Queries[0];

    private ExecutionPlan Execution => _plan.Execution;

    public ProcessorParts<TKey> Compile(CancellationTokenSource abort)
    {
        var results = new ResultStream<TKey>(
            _options.ResultBufferSize, overflowAllowed: Execution.IsInline, _definition.TimeProvider);
        var dispatcher = new ResultDispatcher<TKey>(Delivery(results), _abort);
        var emission = new EmissionStage(_resultRings, dispatcher);
        var ring = NewRing();
        var assignment = new GuardedAssignment(NewAssignment());
        var shards = new AggregationStage[Execution.ShardCount];
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
            Threads = _threads,
            Watch = new EngineWatch(ring, emission, shards, dispatcher.Calls, buffer, _options.ShutdownTimeout),
            Calls = dispatcher.Calls,
            Fault = _fault,
            Ticker = ticker,
            Results = buffer,
            Reporter = reporter,
            Abort = abort,
            ShutdownTimeout = _options.ShutdownTimeout,
            IsInline = Execution.IsInline,
            Logger = _definition.Logger,
            Name = _definition.Name,
        };
        _runtime = new ProcessorRuntime(parts);
        results.OnWait = new StartReminder(
            _runtime, _definition.TimeProvider, parts.Logger, parts.Name, _meters.HostFailures).Begin;
        ticker.Tick();
        return new ProcessorParts<TKey>
        {
            Definition = _definition,
            Plan = _plan,
            Runtime = _runtime,
            RuntimeParts = parts,
            Keys = _keys,
            Writer = new EventWriter<TKey>(ring, _keys, clock, Input.Rules),
            Sources = new SourceRegistry(),
            Assignment = assignment,
            Shards = shards,
            Dispatcher = dispatcher,
            Results = results,
            RingBytes = RingBytes(ring),
            Meters = _meters,
        };
    }

    StallTimer IPublishGate.BeginWait() => _runtime!.BeginWait();

    void IPublishGate.ThrowIfBlocked(ref StallTimer timer) => _runtime!.ThrowIfBlocked(ref timer);

    private EventRing NewRing()
    {
        var measures = Input.Rules.Measures.Count;
        if (Execution.IsInline)
        {
            return new InlineEventRing(
                new RingBuffer<EventSlot>(
                    new SingleProducerSequencer(Execution.RingCapacity, Wait(), Wait(), _fault)),
                measures,
                this)
            {
                Stamps = _meters.Latency?.Stamps,
            };
        }

        var sequencer = new MultiProducerSequencer(Execution.RingCapacity, Wait(), Wait(), _fault)
        {
            WakeUpRoom = Execution.RingCapacity / 4,
        };
        return new ThreadedEventRing(new RingBuffer<EventSlot>(sequencer), measures, this, _meters.Waits)
        {
            Stamps = _meters.Latency?.Stamps,
        };
    }

    private BatchTracer Tracer(string operation) =>
        new(operation, _definition.Name, _options.BatchesPerTrace, _meters.HostFailures);

    private WaitStrategy Wait() =>
        WaitStrategy.Create(Execution.WaitStrategy, ProcessorBudget.Current, Execution.BusyThreads);

    private WindowAssignmentStage NewAssignment()
    {
        var tracker = new WatermarkTracker(Input.MaxOutOfOrdernessTicks, Input.IdleTimeoutTicks);
        var rules = new AssignmentRules(
            Query.AllowedLatenessTicks, Input.MaxOutOfOrdernessTicks, Input.ProcessingTime, Query.MaxSlices)
        {
            SharesSlices = Query.Window.SharesSlices,
            MixesSlices = Query.Window.MixesSlices,
        };
        return new WindowAssignmentStage(Query.Window.Slices, tracker, rules);
    }

    private DeliveryPlan<TKey> Delivery(ResultStream<TKey> results)
    {
        MetricInfo[] metrics = [.. _plans[0].Metrics];
        MeasureDefinition[] measures = [.. Input.Rules.Measures];
        var schema = new ResultSchema(
            Array.ConvertAll(metrics, metric => metric.Name), Array.ConvertAll(metrics, metric => metric.Type));
        var shown = new ResultSchema(
            Array.ConvertAll(measures, measure => measure.Name),
            Array.ConvertAll(measures, measure => measure.Type),
            noun: "measure");
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

    private Execution NewExecution(
        EventRing ring,
        GuardedAssignment assignment,
        EmissionStage emission,
        AggregationStage[] shards,
        ResultBuffer<TKey> buffer,
        ClockTicker ticker)
    {
        if (ring is ThreadedEventRing threaded && Execution.IsStaged)
            return NewStaged(threaded, assignment, emission, shards);

        shards[0] = NewShard(0, ring, new DirectOutput(_resultRings[0].Width, emission.Output));
        var chain = new StageChain(ring, assignment, shards[0], emission);
        if (ring is InlineEventRing inline)
            return new InlineExecution(chain, inline, _fault, buffer, ticker, Tracer(BatchTracer.Handle));

        return new FusedExecution(
            chain, (ThreadedEventRing)ring, _fault, _meters.AddStage("worker"), Tracer(BatchTracer.Handle), _threads);
    }

    private StagedExecution NewStaged(
        ThreadedEventRing ring, GuardedAssignment assignment, EmissionStage emission, AggregationStage[] shards)
    {
        var runs = new RingBuffer<EventRun>(
            new SingleProducerSequencer(Execution.RunRingCapacity, Wait(), Wait(), _fault));
        var (rows, room) = (Wait(), Wait());
        var clock = _meters.AddStage("assignment");
        var workers = new ShardWorker[shards.Length];
        for (var shard = 0; shard < shards.Length; shard++)
        {
            workers[shard] = new ShardWorker(
                runs, ring, rows, room, _fault, _meters.AddStage($"shard-{shard}"), _threads, _abort);
            shards[shard] = NewShard(shard, ring, new ShardOutput(_resultRings[shard], workers[shard]));
            workers[shard].Attach(shards[shard]);
        }

        return new StagedExecution(
            ring.Sequencer,
            runs,
            new AssignmentWorker(ring, assignment, runs, clock, Tracer(BatchTracer.Handle), _threads, _abort),
            workers,
            new EmissionWorker(emission, _resultRings, rows, room, _fault, _meters.AddStage("emission"), _threads),
            clock);
    }

    private ClockTicker NewTicker(EventRing ring, ProcessingClock clock, Reporter reporter) => new(
        ring,
        clock,
        _definition.TimeProvider,
        Execution.TickInterval,
        Execution.ClockMatters,
        Execution.IsInline,
        () =>
        {
            if (_guardedClock?.TakeFailure() is { } failure)
                RuntimeLog.ClockFailed(_definition.Logger, _definition.Name, failure);
            reporter.Report();
        },
        _meters.HostFailures);

    private AggregationStage NewShard(int shard, EventRing ring, PaneOutput output)
    {
        var counters = new ShardCounters();
        var context = new StoreContext
        {
            Plan = _plans[shard],
            Output = output,
            AllowedLatenessTicks = Query.AllowedLatenessTicks,
            Accumulation = Query.Accumulation,
            Early = Guard(Query.Early, counters),
            Late = Guard(Query.Late, counters),
            MeasureCount = Input.Rules.Measures.Count,
            RouteDropped = Query.RoutesDropped,
            MaxWindowsPerKey = Query.MaxWindowsPerKey,
            WindowOverflow = Query.WindowOverflow,
            MaxOutOfOrdernessTicks = Input.MaxOutOfOrdernessTicks,
            ProcessingTime = Input.ProcessingTime,
            ShardMask = Execution.ShardCount - 1,
            Shard = shard,
            Counters = counters,
            Activity = new KeyActivity(),
            Abort = _abort,
        };
        var store = Query.Window.NewStore(context);
        var retirement = Query.RetentionTicks is not { } retentionTicks
            ? null
            : new KeyRetirement(new KeyLifetime<TKey>(_keys), ring, store, context, retentionTicks);
        return new AggregationStage(context, store, _resultRings[shard], retirement);
    }

    private static PaneTrigger? Guard(PaneTrigger? trigger, ShardCounters counters) =>
        trigger is { IsUserCode: true } ? new GuardedPaneTrigger(trigger, counters) : trigger;

    private long RingBytes(EventRing ring)
    {
        var bytes = ring.BytesReserved;
        foreach (var rows in _resultRings)
            bytes += (long)rows.CapacityRows * (80 + (rows.Width * sizeof(long)));
        if (Execution.IsStaged)
            bytes += Execution.RunRingCapacity * 80L;
        return bytes;
    }
}

/// <summary>Compiles definitions.</summary>
internal static class PipelineCompiler
{
    /// <exception cref="ArgumentException">The settings do not go together.</exception>
    public static ProcessorParts<TKey> Compile<TKey>(PipelineDefinition<TKey> definition)
        where TKey : notnull
    {
        // It has no timer and no wait handle, hence nothing to dispose.
        var abort = new CancellationTokenSource();
        return new PipelineCompiler<TKey>(definition, abort.Token).Compile(abort);
    }
}
