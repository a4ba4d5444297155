using System.Runtime.CompilerServices;
using DisruptorStream.Events;
using DisruptorStream.Pipeline.Lifecycle;
using DisruptorStream.Plans;
using DisruptorStream.Plans.Recording;
using DisruptorStream.Saving;
using DisruptorStream.Topology.Durable;
using DisruptorStream.Topology.Durable.Recording;
using DisruptorStream.Topology.Queries;
using DisruptorStream.Topology.State;

namespace DisruptorStream.Topology;

/// <summary>
/// Builds a processor from its plan, its services and, where there is one, a saved state. Each part is made from those
/// made before it, and nothing is linked afterwards.
/// </summary>
/// <remarks>
/// The order: the engine at rest, who may wait for it, the ring with those who run the stages, the life cycle.
/// </remarks>
internal static class ProcessorTopology
{
    /// <summary>Builds a processor: durable, with a saved state, or without state.</summary>
    /// <param name="plan">What it is.</param>
    /// <param name="services">What its host gives.</param>
    /// <param name="keys">Make the keys, in the order of the plan.</param>
    /// <param name="deliveries">Make the ways of the results, in the order of the plan's queries.</param>
    /// <param name="state">What was saved; null for nothing.</param>
    /// <param name="kept">Where it keeps a journal and snapshots, and what its flight recorder keeps.</param>
    /// <exception cref="ArgumentException">It is durable, and has a flight recorder.</exception>
    public static ProcessorParts Make(
        ProcessorPlan plan,
        ProcessorServices services,
        IReadOnlyList<KeyColumnMaker> keys,
        IReadOnlyList<DeliveryMaker> deliveries,
        Stream? state,
        KeptSettings kept)
    {
        var (durable, recorder) = kept;
        if (kept.SavedPlan is { } saved)
            plan = PlanPinning.PinToLoad(plan, saved);
        if (recorder is null)
        {
            return durable is null
                ? Build(plan, services, keys, deliveries, state)
                : new DurableOpening(durable, plan, services, keys, deliveries).Open();
        }

        if (durable is not null)
        {
            throw new ArgumentException(
                $"The processor '{plan.Name}' is durable and has a flight recorder, which would write the same slots "
                + $"twice; leave RecordTo out, and replay '{durable.Directory}' or a copy of it.",
                nameof(kept));
        }

        return state is null
            ? new RecorderOpening(recorder, plan, services, keys).Open(deliveries)
            : throw new ArgumentException(
                $"The processor '{plan.Name}' is loaded from a saved state, which its flight recorder does not know.",
                nameof(kept));
    }

    /// <summary>Builds a processor which, with a state, goes on where another was when that was saved.</summary>
    /// <param name="plan">What it is.</param>
    /// <param name="services">What its host gives.</param>
    /// <param name="keys">Make the keys, in the order of the plan.</param>
    /// <param name="deliveries">Make the ways of the results, in the order of the plan's queries.</param>
    /// <param name="state">What was saved; null for nothing.</param>
    /// <param name="replays">Whether records tell what numbers stand for.</param>
    /// <exception cref="StateException">The state is damaged, or that of another plan.</exception>
    /// <exception cref="NotSupportedException">The keys have no codec.</exception>
    public static ProcessorParts Build(
        ProcessorPlan plan,
        ProcessorServices services,
        IReadOnlyList<KeyColumnMaker> keys,
        IReadOnlyList<DeliveryMaker> deliveries,
        Stream? state,
        bool replays = false)
    {
        using var reader = state is null ? null : new StateReader(state);
        if (reader is not null)
            StateSaver.ThrowUnlessOf(plan, reader);
        return Connect(new EngineParts(new EngineCore(plan, services), keys, deliveries, reader, replays));
    }

    /// <summary>
    /// Builds one that handles again what another process did, on the thread of its caller: what numbers stand for is
    /// told by records.
    /// </summary>
    /// <param name="plan">What it is.</param>
    /// <param name="services">What its host gives.</param>
    /// <param name="keys">Make the keys, in the order of the plan.</param>
    /// <param name="deliveries">Make the ways of the results, in the order of the plan's queries.</param>
    /// <param name="state">What was saved; null to begin anew.</param>
    /// <exception cref="StateException">The state is damaged, or that of another plan.</exception>
    /// <exception cref="NotSupportedException">The keys have no codec.</exception>
    public static ProcessorParts Replay(
        ProcessorPlan plan,
        ProcessorServices services,
        IReadOnlyList<KeyColumnMaker> keys,
        IReadOnlyList<DeliveryMaker> deliveries,
        Stream? state) =>
        Build(plan with { Execution = plan.Execution.ToInline() }, services, keys, deliveries, state, replays: true);

    private static ProcessorParts Connect(EngineParts engine)
    {
        var watch = new WatchParts(engine);
        var execution = new ExecutionParts(engine, watch);
        var runtime = RuntimeOf(engine, watch, execution);
        return new ProcessorParts
        {
            Plan = engine.Plan,
            Services = engine.Services,
            Runtime = new ProcessorRuntime(runtime),
            RuntimeParts = runtime,
            Ledger = engine.Ledger,
            Saver = engine.Saver,
            Queries = engine.Queries,
            Clock = watch.Clock,
            RingBytes = RingBytesOf(engine),
            Meters = engine.Core.Meters,
        };
    }

    private static RuntimeParts RuntimeOf(EngineParts engine, WatchParts watch, ExecutionParts execution)
    {
        return new RuntimeParts
        {
            Ring = execution.Ring,
            Execution = execution.Execution,
            Deliveries = engine.Deliveries,
            Status = engine.Core.Status,
            Figures = engine.Slots.Figures,
            Hold = engine.Slots.Hold,
            Gate = watch.Gate,
            Saves = engine.Saves,
            Threads = engine.Core.Threads,
            Watch = watch.Watch,
            Outputs = engine.Outputs,
            Fault = engine.Core.Fault,
            Ticker = new ClockTicker(
                execution.Ring,
                watch.Ticks,
                engine.Services.TimeProvider,
                engine.Plan.Execution.TickInterval,
                engine.Services.HostFailures),
            Results = engine.Buffer,
            Reporters = watch.Reporters,
            Abort = engine.Core.Abort,
            ShutdownTimeout = engine.Services.ShutdownTimeout,
            Logger = engine.Services.Logger,
            OnEnd = engine.Services.Journal?.OnEnd,
            OnSuspend = OnSuspendOf(engine.Services),
            Name = engine.Plan.Name,
        };
    }

    /// <summary>
    /// A journal keeps the state at the end of every stop that delivers all: there is no more to do. A recording keeps
    /// nothing that could go on.
    /// </summary>
    private static Func<long, CancellationToken, Task>? OnSuspendOf(ProcessorServices services) =>
        services.OnSuspend ?? (services.Journal is { Recording: null } ? static (_, _) => Task.CompletedTask : null);

    private static long RingBytesOf(EngineParts engine)
    {
        var bytes = engine.Slots.Slots.BytesReserved;
        foreach (var query in engine.Queries)
        {
            foreach (var rows in query.Delivery.Rows)
                bytes += rows.BytesReserved;
        }

        return bytes + (engine.Plan.Execution.RunRingCapacity * (long)Unsafe.SizeOf<EventRun>());
    }
}
