using DisruptorStream.Ingest;
using DisruptorStream.Pipeline.Lifecycle;
using DisruptorStream.Telemetry;

namespace DisruptorStream.Topology;

/// <summary>Who sees whether a processor moves, what may wait for it, and what its ticks carry and tell.</summary>
internal sealed class WatchParts<TKey>
    where TKey : notnull
{
    private readonly EngineParts<TKey> _engine;

    public WatchParts(EngineParts<TKey> engine)
    {
        _engine = engine;
        var (plan, services, delivery) = (engine.Plan, engine.Services, engine.Delivery);
        Watch = new EngineWatch(
            engine.Slots.Slots,
            engine.Slots.Figures,
            delivery.Emission,
            engine.Stages,
            delivery.Outputs,
            delivery.Buffer,
            services.ShutdownTimeout);
        Gate = new PublishGate(
            engine.Status,
            engine.Threads,
            engine.Slots.Hold,
            Watch,
            delivery.Buffer,
            engine.Slots.Slots.Capacity,
            plan.Name);
        Clock = new ProcessingClock(services.TimeProvider, engine.State.Assignment.SteadyTicks);
        Reporter = new Reporter(
            engine.Assignment,
            engine.Stages,
            delivery.Outputs,
            engine.Meters.Waits,
            engine.Ledger.Sources.NameOf,
            new LogLimiter(services.TimeProvider),
            services.Logger,
            plan.Name);
        Ticks = new TickClock(
            Clock,
            engine.Meters.Waits,
            plan.Execution.TickInterval,
            plan.Execution.ClockMatters,
            Tell,
            services.HostFailures);
    }

    /// <summary>Sees whether the engine moves.</summary>
    public EngineWatch Watch { get; }

    /// <summary>Asked by all who wait.</summary>
    public PublishGate Gate { get; }

    /// <summary>The host's clock.</summary>
    public ProcessingClock Clock { get; }

    /// <summary>Logs what went wrong.</summary>
    public Reporter Reporter { get; }

    /// <summary>What ticks carry.</summary>
    public TickClock Ticks { get; }

    private void Tell()
    {
        if (_engine.Services.TakeClockFailure() is { } failure)
            RuntimeLog.ClockFailed(_engine.Services.Logger, _engine.Plan.Name, failure);
        Reporter.Report();
    }
}
