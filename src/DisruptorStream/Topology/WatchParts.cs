using DisruptorStream.Ingest;
using DisruptorStream.Pipeline;
using DisruptorStream.Pipeline.Lifecycle;
using DisruptorStream.Telemetry;

namespace DisruptorStream.Topology;

/// <summary>Who sees whether a processor moves, what may wait for it, and what its ticks carry and tell.</summary>
internal sealed class WatchParts
{
    private readonly EngineParts _engine;
    private readonly Reporter[] _reporters;

    public WatchParts(EngineParts engine)
    {
        _engine = engine;
        var (plan, services) = (engine.Plan, engine.Services);
        Watch = new EngineWatch(
            engine.Slots.Slots,
            engine.Slots.Figures,
            engine.Deliveries,
            StagesOf(engine),
            engine.Outputs,
            engine.Buffer,
            services.ShutdownTimeout);
        Gate = new PublishGate(
            engine.Core.Status,
            engine.Core.Threads,
            engine.Slots.Hold,
            Watch,
            engine.Buffer,
            engine.Slots.Slots.Capacity,
            plan.Name);
        Clock = new ProcessingClock(services.TimeProvider, engine.Queries[0].State.Assignment.SteadyTicks);
        _reporters = new Reporter[engine.Queries.Count];
        for (var query = 0; query < _reporters.Length; query++)
            _reporters[query] = NewReporter(query);
        Ticks = new TickClock(
            Clock,
            engine.Core.Meters.Waits,
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

    /// <summary>Log what went wrong: one for each query, the first one for the stream as well.</summary>
    public IReadOnlyList<Reporter> Reporters => _reporters;

    /// <summary>What ticks carry.</summary>
    public TickClock Ticks { get; }

    private void Tell()
    {
        if (_engine.Services.TakeClockFailure() is { } failure)
            RuntimeLog.ClockFailed(_engine.Services.Logger, _engine.Plan.Name, failure);
        foreach (var reporter in _reporters)
            reporter.Report();
    }

    private static AggregationStage[] StagesOf(EngineParts engine)
    {
        var stages = new List<AggregationStage>();
        foreach (var query in engine.Queries)
            stages.AddRange(query.Stages);
        return [.. stages];
    }

    private Reporter NewReporter(int index)
    {
        var query = _engine.Queries[index];
        return new Reporter(
            query.Assignment,
            query.Stages,
            query.Delivery.Failures,
            index == 0 ? _engine.Core.Meters.Waits : null,
            _engine.Ledger.Sources.NameOf,
            Clock,
            new LogLimiter(_engine.Services.TimeProvider),
            _engine.Services.Logger,
            _engine.Plan.NameOf(query.Plan));
    }
}
