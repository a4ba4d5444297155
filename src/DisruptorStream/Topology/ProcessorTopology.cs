using System.Diagnostics.CodeAnalysis;
using DisruptorStream.Events;
using DisruptorStream.Ingest;
using DisruptorStream.Pipeline;
using DisruptorStream.Pipeline.Assignment;
using DisruptorStream.Pipeline.Executions;
using DisruptorStream.Pipeline.Lifecycle;
using DisruptorStream.Pipeline.Staged;
using DisruptorStream.Plans;
using DisruptorStream.Rings;
using DisruptorStream.Saving;
using DisruptorStream.Slots;
using DisruptorStream.Telemetry;

namespace DisruptorStream.Topology;

/// <summary>
/// Builds a processor from its plan, its services and, where there is one, a saved state. Each part is made from those
/// made before it, and nothing is linked afterwards.
/// </summary>
/// <remarks>
/// The order: numbers and what they stand for, slots, delivery, where the shards' rows go, state, stages, who may wait
/// for whom, the ring, threads, the life cycle.
/// </remarks>
[SuppressMessage("Design", "CA1001", Justification = "What it makes is the processor's, which ends it.")]
internal sealed class ProcessorTopology<TKey>
    where TKey : notnull
{
    private const string Worker = "worker";
    private const string AssignmentName = "assignment";
    private const string EmissionName = "emission";

    private readonly ProcessorPlan _plan;
    private readonly ProcessorServices<TKey> _services;
    private readonly CancellationTokenSource _abort = new();
    private readonly EngineThreads _threads = new();
    private readonly RingFault _fault;
    private readonly ProcessorStatus _status;
    private readonly ProcessorMeters _meters;
    private readonly Ledger<TKey> _ledger;
    private readonly SlotParts _slots;
    private readonly DeliveryParts<TKey> _delivery;
    private readonly ShardParts _shards;
    private readonly EngineState _state;
    private readonly GuardedAssignment _assignment;
    private readonly AggregationStage[] _stages;

    private ProcessorTopology(ProcessorPlan plan, ProcessorServices<TKey> services, StateReader? saved)
    {
        _plan = plan;
        _services = services;
        _fault = new RingFault(fault => fault.IsFailure
            ? new PipelineException(fault.Stage, fault.Sequence, fault.Exception)
            : ProcessorStoppedException.Of(plan.Name));
        _status = new ProcessorStatus(needsStart: !plan.Execution.IsInline);
        _meters = new ProcessorMeters(
            services.TimeProvider, services.MeasuresLatency, services.HostFailures, StagesOf(plan.Execution));
        _ledger = saved is null
            ? new Ledger<TKey>(plan, services.KeyCodec)
            : Ledger<TKey>.Load(plan, services.KeyCodec, saved);
        var reminder = new StartReminder(
            _status, services.TimeProvider, services.Logger, plan.Name, services.HostFailures);
        var assignment = EngineState.NewAssignment(plan);
        if (saved is not null)
            assignment.Load(saved);
        var first = (saved?.Header.Sequence ?? -1) + 1;
        _slots = new SlotParts(plan, _meters, _fault, Wait, first, assignment.Counters.EventsProcessed);
        _assignment = new GuardedAssignment(assignment);
        _delivery = new DeliveryParts<TKey>(
            plan, services, _ledger, _meters, _assignment.Progress, first, reminder.Begin, _fault, _abort.Token);
        _shards = new ShardParts(
            plan, _delivery.Rows, _delivery.Emission, _slots.Slots.Sequencer, _meters, Wait, _abort.Token);
        _state = new EngineState(
            plan, assignment, _shards.Outputs, _shards.Counters, _ledger.FailuresOf, _abort.Token);
        if (saved is not null)
            _state.LoadShards(saved);
        _stages = _shards.NewStages(plan.Queries[0], _state.Shards, _ledger.Keys, _slots.Controls);
    }

    /// <summary>Builds a processor without state.</summary>
    public static ProcessorParts<TKey> Build(ProcessorPlan plan, ProcessorServices<TKey> services) =>
        new ProcessorTopology<TKey>(plan, services, saved: null).Connect();

    private ProcessorParts<TKey> Connect()
    {
        var watch = new EngineWatch(
            _slots.Slots,
            _slots.Figures,
            _delivery.Emission,
            _stages,
            _delivery.Outputs,
            _delivery.Buffer,
            _services.ShutdownTimeout);
        var gate = new PublishGate(
            _status, _threads, _slots.Hold, watch, _delivery.Buffer, _slots.Slots.Capacity, _plan.Name);
        var clock = new ProcessingClock(_services.TimeProvider);
        var reporter = new Reporter(
            _assignment,
            _stages,
            _delivery.Outputs,
            _meters.Waits,
            new LogLimiter(_services.TimeProvider),
            _services.Logger,
            _plan.Name);
        var ticks = new TickClock(
            clock,
            _plan.Execution.TickInterval,
            _plan.Execution.ClockMatters,
            () => Tell(reporter),
            _services.HostFailures);
        var (ring, execution) = NewExecution(gate, ticks);
        var runtime = NewRuntime(ring, execution, gate, watch, reporter, ticks);
        return new ProcessorParts<TKey>
        {
            Plan = _plan,
            Services = _services,
            Runtime = new ProcessorRuntime(runtime),
            RuntimeParts = runtime,
            Ledger = _ledger,
            Writer = new EventWriter<TKey>(ring, _ledger.Keys, clock, _plan.Inputs[0].Rules),
            Assignment = _assignment,
            Shards = _stages,
            Dispatcher = _delivery.Dispatcher,
            Outputs = _delivery.Outputs,
            Results = _delivery.Results,
            RingBytes = RingBytes(),
            Meters = _meters,
        };
    }

    private RuntimeParts NewRuntime(
        EventRing ring,
        Execution execution,
        PublishGate gate,
        EngineWatch watch,
        Reporter reporter,
        TickClock ticks)
    {
        return new RuntimeParts
        {
            Ring = ring,
            Execution = execution,
            Emission = _delivery.Emission,
            Status = _status,
            Figures = _slots.Figures,
            Hold = _slots.Hold,
            Gate = gate,
            Threads = _threads,
            Watch = watch,
            Outputs = _delivery.Outputs,
            Fault = _fault,
            Ticker = new ClockTicker(
                ring, ticks, _services.TimeProvider, _plan.Execution.TickInterval, _services.HostFailures),
            Results = _delivery.Buffer,
            Reporter = reporter,
            Abort = _abort,
            ShutdownTimeout = _services.ShutdownTimeout,
            Logger = _services.Logger,
            Name = _plan.Name,
        };
    }

    private (EventRing Ring, Execution Execution) NewExecution(PublishGate gate, TickClock ticks)
    {
        var pending = _ledger.Sources.Removals;
        if (_slots.Hold is { } hold)
        {
            var inline = new InlineExecution(
                NewChain(), _slots.Slots.Sequencer, hold, _delivery.Buffer, HandleTracer(), Owned());
            var consumer = _services.InlineTap?.Invoke(inline) ?? inline;
            return (new InlineEventRing(_slots.Slots, _slots.Controls, gate, pending, hold, consumer, ticks), inline);
        }

        var ring = new ThreadedEventRing(_slots.Slots, _slots.Controls, gate, pending, _meters.Waits);
        return (ring, _plan.Execution.IsStaged
            ? NewStaged(ring)
            : new FusedExecution(
                NewChain(),
                ring,
                _meters.StageOf(Worker),
                HandleTracer(),
                _services.Gate,
                _threads,
                Owned()));
    }

    private StagedExecution NewStaged(ThreadedEventRing ring)
    {
        var runs = new RingBuffer<EventRun>(
            new SingleProducerSequencer(_plan.Execution.RunRingCapacity, Wait(), Wait(), _fault));
        var clock = _meters.StageOf(AssignmentName);
        var workers = new ShardWorker[_stages.Length];
        for (var shard = 0; shard < workers.Length; shard++)
        {
            workers[shard] = new ShardWorker(
                _stages[shard], runs, ring, _shards.Rooms[shard], _meters.StageOf($"shard-{shard}"), _threads);
        }

        var emission = new EmissionWorker(
            _delivery.Emission,
            _delivery.Rows,
            _shards.RowsWait,
            _shards.RoomWait,
            _services.Gate,
            _fault,
            _meters.StageOf(EmissionName),
            _threads);
        return new StagedExecution(
            _slots.Slots.Sequencer,
            runs,
            new AssignmentWorker(
                _slots.Slots, _assignment, runs, clock, HandleTracer(), _threads, _abort.Token),
            workers,
            emission,
            clock,
            [.. Owned(), runs]);
    }

    private StageChain NewChain() => new(_slots.Slots, _assignment, _stages[0], _delivery.Emission);

    private IDisposable[] Owned() => [.. _stages, _state];

    private BatchTracer HandleTracer() =>
        new(BatchTracer.Handle, _plan.Name, _services.BatchesPerTrace, _services.HostFailures);

    private WaitStrategy Wait() => WaitStrategy.Create(
        _plan.Execution.WaitStrategy, ProcessorBudget.Current, _plan.Execution.BusyThreads);

    private void Tell(Reporter reporter)
    {
        if (_services.TakeClockFailure() is { } failure)
            RuntimeLog.ClockFailed(_services.Logger, _plan.Name, failure);
        reporter.Report();
    }

    private long RingBytes()
    {
        var bytes = _slots.Slots.BytesReserved;
        foreach (var rows in _delivery.Rows)
            bytes += (long)rows.CapacityRows * (80 + (rows.Width * sizeof(long)));
        if (_plan.Execution.IsStaged)
            bytes += _plan.Execution.RunRingCapacity * 80L;
        return bytes;
    }

    private static string[] StagesOf(ExecutionPlan execution)
    {
        if (execution.IsInline)
            return [];
        if (!execution.IsStaged)
            return [Worker];
        var names = new List<string> { AssignmentName };
        for (var shard = 0; shard < execution.ShardCount; shard++)
            names.Add($"shard-{shard}");
        names.Add(EmissionName);
        return [.. names];
    }
}
