using System.Runtime.CompilerServices;
using DisruptorStream.Events;
using DisruptorStream.Ingest;
using DisruptorStream.Pipeline.Lifecycle;
using DisruptorStream.Plans;
using DisruptorStream.Saving;
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
    /// <summary>Builds a processor without state.</summary>
    public static ProcessorParts<TKey> Build<TKey>(ProcessorPlan plan, ProcessorServices<TKey> services)
        where TKey : notnull => Connect(new EngineParts<TKey>(plan, services, saved: null));

    /// <summary>Builds a processor that goes on where another was when its state was saved.</summary>
    /// <exception cref="StateException">The state is damaged, or that of another plan.</exception>
    /// <exception cref="NotSupportedException">The keys have no codec.</exception>
    public static ProcessorParts<TKey> Load<TKey>(
        ProcessorPlan plan, ProcessorServices<TKey> services, Stream state)
        where TKey : notnull
    {
        using var reader = new StateReader(state);
        StateSaver<TKey>.ThrowUnlessOf(plan, reader);
        return Connect(new EngineParts<TKey>(plan, services, reader));
    }

    private static ProcessorParts<TKey> Connect<TKey>(EngineParts<TKey> engine)
        where TKey : notnull
    {
        var watch = new WatchParts<TKey>(engine);
        var execution = new ExecutionParts<TKey>(engine, watch);
        var runtime = RuntimeOf(engine, watch, execution);
        return new ProcessorParts<TKey>
        {
            Plan = engine.Plan,
            Services = engine.Services,
            Runtime = new ProcessorRuntime(runtime),
            RuntimeParts = runtime,
            Ledger = engine.Ledger,
            Writer = new EventWriter<TKey>(
                execution.Ring, engine.Ledger.Keys, watch.Clock, engine.Plan.Inputs[0].Rules),
            Assignment = engine.Assignment,
            Shards = engine.Stages,
            Dispatcher = engine.Delivery.Dispatcher,
            Outputs = engine.Delivery.Outputs,
            Results = engine.Delivery.Results,
            Readers = engine.Delivery.Readers,
            RingBytes = RingBytesOf(engine),
            Meters = engine.Meters,
        };
    }

    private static RuntimeParts RuntimeOf<TKey>(
        EngineParts<TKey> engine, WatchParts<TKey> watch, ExecutionParts<TKey> execution)
        where TKey : notnull
    {
        return new RuntimeParts
        {
            Ring = execution.Ring,
            Execution = execution.Execution,
            Emission = engine.Delivery.Emission,
            Status = engine.Status,
            Figures = engine.Slots.Figures,
            Hold = engine.Slots.Hold,
            Gate = watch.Gate,
            Saves = engine.Saves,
            Threads = engine.Threads,
            Watch = watch.Watch,
            Outputs = engine.Delivery.Outputs,
            Fault = engine.Fault,
            Ticker = new ClockTicker(
                execution.Ring,
                watch.Ticks,
                engine.Services.TimeProvider,
                engine.Plan.Execution.TickInterval,
                engine.Services.HostFailures),
            Results = engine.Delivery.Buffer,
            Reporter = watch.Reporter,
            Abort = engine.Abort,
            ShutdownTimeout = engine.Services.ShutdownTimeout,
            Logger = engine.Services.Logger,
            Name = engine.Plan.Name,
        };
    }

    private static long RingBytesOf<TKey>(EngineParts<TKey> engine)
        where TKey : notnull
    {
        var bytes = engine.Slots.Slots.BytesReserved;
        foreach (var rows in engine.Delivery.Rows)
            bytes += rows.BytesReserved;
        return bytes + (engine.Plan.Execution.RunRingCapacity * (long)Unsafe.SizeOf<EventRun>());
    }
}
