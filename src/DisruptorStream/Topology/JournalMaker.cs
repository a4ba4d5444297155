using DisruptorStream.Identities;
using DisruptorStream.Pipeline.Durable;
using DisruptorStream.Pipeline.Executions;
using DisruptorStream.Slots;
using DisruptorStream.Topology.Durable;

namespace DisruptorStream.Topology;

/// <summary>Makes what writes the slots of a processor to its journal.</summary>
internal sealed class JournalMaker
{
    private readonly EngineParts _engine;
    private readonly JournalServices _services;

    /// <param name="engine">The stages.</param>
    /// <param name="services">The journal.</param>
    public JournalMaker(EngineParts engine, JournalServices services)
    {
        _engine = engine;
        _services = services;
    }

    /// <summary>
    /// Where single events of a processor without threads are gathered; null where each is written at once.
    /// </summary>
    public SlotGatherer? NewGatherer() =>
        _services.Syncs ? null : new SlotGatherer(_engine.Plan.Inputs[0].Layout.FurtherWords);

    /// <summary>Writes before stages that run on the publisher's thread.</summary>
    /// <param name="stages">The stages.</param>
    /// <param name="gathered">Where single events are gathered.</param>
    public ISlotConsumer Wrap(InlineExecution stages, SlotGatherer? gathered)
    {
        var log = new SideLog(new GrowingRecords());
        _engine.Ledger.Attach(log, _services.GoesOnFrom, _services.SymbolHash);
        var journal = new InlineJournal(
            NewStage(log, waking: null), _engine.Slots.Slots, stages, _engine.Deliveries, gathered);
        if (_services.Recording is { } recording)
        {
            recording.WriteGathered = journal.WriteGathered;
            recording.WriteRest = journal.WriteRest;
        }

        return _services.CopiesState ? new InlineCopying(journal, stages) : journal;
    }

    /// <summary>Writes beside stages that have threads of their own.</summary>
    /// <param name="ring">What publishers claim from.</param>
    /// <param name="stages">The stages.</param>
    public JournaledExecution Join(ThreadedEventRing ring, Execution stages)
    {
        var barrier = ring.Slots.Sequencer.NewBarrier();
        var reader = new WakingRecordReader(barrier, _engine.Core.Fault);
        var log = new SideLog(reader);
        _engine.Ledger.Attach(log, _services.GoesOnFrom, _services.SymbolHash);
        var stage = NewStage(log, reader);
        if (_services.Recording is { } recording)
            recording.WriteRest = stage.WriteRest;
        var worker = new JournalWorker(
            stage,
            ring,
            barrier,
            reader,
            _engine.Core.Meters.StageOf(StageNames.Journal),
            _engine.Core.Threads,
            closesRecords: _services.Recording is null);
        return new JournaledExecution(stages, worker);
    }

    private JournalStage NewStage(SideLog log, WakingRecordReader? waking) => new(
        _engine.Slots.Slots,
        log,
        _services,
        new ArrivedNumbers(
            2 * _engine.Queries.Count,
            numbers => ArrivedResults.Read(_engine.Queries, numbers),
            _engine.Services.TimeProvider),
        _engine.Ledger.Sources,
        waking);
}
