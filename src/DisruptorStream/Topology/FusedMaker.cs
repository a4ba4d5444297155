using DisruptorStream.Emission.Gating;
using DisruptorStream.Pipeline;
using DisruptorStream.Pipeline.Executions;
using DisruptorStream.Slots;
using DisruptorStream.State.Memory.Copying;
using DisruptorStream.Topology.Queries;

namespace DisruptorStream.Topology;

/// <summary>
/// Makes the threads that take queries through all their stages: one for all in Fused, one for each group in a Staged
/// stream. Each follows the whole ring.
/// </summary>
internal sealed class FusedMaker
{
    private readonly EngineParts _engine;
    private readonly ThreadedEventRing _ring;
    private readonly IReadOnlyList<IReadOnlyList<int>> _groups;
    private readonly SlotMeeting _saving;

    /// <param name="engine">The stages.</param>
    /// <param name="ring">What publishers claim from.</param>
    public FusedMaker(EngineParts engine, ThreadedEventRing ring)
    {
        _engine = engine;
        _ring = ring;
        _groups = engine.Plan.Execution.Workers;
        _saving = new SlotMeeting(_groups.Count, engine.Core.Fault);
    }

    /// <summary>The execution.</summary>
    public FusedExecution Make()
    {
        var retirements = new RetirementMaker(_engine, _groups).Make();
        var workers = new FusedWorker[_groups.Count];
        for (var group = 0; group < workers.Length; group++)
            workers[group] = NewWorker(group, retirements[group]);
        return new FusedExecution(workers, Owned(_engine.Queries));
    }

    /// <summary>The stages of some queries on one thread.</summary>
    /// <param name="engine">The stages.</param>
    /// <param name="queries">The queries.</param>
    /// <param name="retirements">Give idle keys up.</param>
    /// <param name="saving">Where all such threads meet for a save.</param>
    /// <param name="mayWait">Whether the thread may wait for a gate: it is none that publishes.</param>
    public static StageChain NewChain(
        EngineParts engine,
        IReadOnlyList<QueryParts> queries,
        KeyRetirements retirements,
        SlotMeeting saving,
        bool mayWait)
    {
        var chains = new QueryChain[queries.Count];
        var emissions = new EmissionStage[queries.Count];
        var copies = new List<ShardCopy>();
        for (var query = 0; query < chains.Length; query++)
        {
            chains[query] = queries[query].NewChain();
            emissions[query] = queries[query].Delivery.Emission;
            copies.AddRange(queries[query].Copies);
        }

        return new StageChain(
            engine.Slots.Slots,
            chains,
            retirements,
            new Deliveries(emissions),
            engine.Saves,
            mayWait,
            saving,
            [.. copies]);
    }

    /// <summary>What has native memory, in the order in which it is freed.</summary>
    public static IDisposable[] Owned(IReadOnlyList<QueryParts> queries)
    {
        var owned = new List<IDisposable>();
        foreach (var query in queries)
            owned.AddRange(query.Owned);
        return [.. owned];
    }

    private FusedWorker NewWorker(int group, KeyRetirements retirements)
    {
        var (core, queries) = (_engine.Core, new List<QueryParts>());
        foreach (var query in _groups[group])
            queries.Add(_engine.Queries[query]);
        var stage = StageNames.WorkerOf(core.Plan, group);
        return new FusedWorker(
            stage,
            NewChain(_engine, queries, retirements, _saving, mayWait: true),
            _ring,
            core.Meters.StageOf(stage),
            core.NewHandleTracer(),
            Gates(queries),
            core.Threads);
    }

    private static List<DeliveryGate> Gates(List<QueryParts> queries)
    {
        var gates = new List<DeliveryGate>();
        foreach (var query in queries)
        {
            if (query.Delivery.Gate is { } gate)
                gates.Add(gate);
        }

        return gates;
    }
}
