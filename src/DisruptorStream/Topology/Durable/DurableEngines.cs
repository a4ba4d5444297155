using DisruptorStream.Durability.Files;
using DisruptorStream.Durability.Journal;
using DisruptorStream.Durability.Journal.Reading;
using DisruptorStream.Durability.Plans.Records;
using DisruptorStream.Ingest.Replay;
using DisruptorStream.Pipeline.Durable;
using DisruptorStream.Plans;
using DisruptorStream.Saving;
using DisruptorStream.Topology.Durable.Copying;
using DisruptorStream.Topology.Durable.Remaking;
using DisruptorStream.Topology.Durable.Replay;
using DisruptorStream.Topology.Queries;
using DisruptorStream.Topology.State;

namespace DisruptorStream.Topology.Durable;

/// <summary>Makes a durable processor, and the engines beside it that handle its journal again.</summary>
internal sealed class DurableEngines
{
    private readonly ProcessorPlan _plan;
    private readonly ProcessorServices _services;
    private readonly IReadOnlyList<KeyColumnMaker> _keys;
    private readonly IFileSystem _files;
    private readonly ISlotRemaking? _remaking;

    /// <param name="plan">What the processor is.</param>
    /// <param name="services">What its host gives.</param>
    /// <param name="keys">Make the keys, in the order of the plan.</param>
    /// <param name="files">The disk.</param>
    /// <param name="remaking">The sources that can give events again; null for none.</param>
    public DurableEngines(
        ProcessorPlan plan,
        ProcessorServices services,
        IReadOnlyList<KeyColumnMaker> keys,
        IFileSystem files,
        ISlotRemaking? remaking = null)
    {
        _remaking = remaking;
        _plan = plan;
        _services = services;
        _keys = keys;
        _files = files;
    }

    /// <summary>For engines beside the processor: no instruments, no journal of their own.</summary>
    private ProcessorServices Quiet => _services with
    {
        Histograms = null,
        MeasuresLatency = false,
        BatchesPerTrace = 0,
        InlineTap = null,
        Journal = null,
    };

    /// <summary>The processor itself.</summary>
    /// <param name="journal">Its journal.</param>
    /// <param name="deliveries">Make the ways of its results.</param>
    /// <param name="state">Its state; null for none.</param>
    public ProcessorParts NewProcessor(
        JournalServices journal, IReadOnlyList<DeliveryMaker> deliveries, Stream? state) =>
        ProcessorTopology.Build(_plan, _services with { Journal = journal }, _keys, deliveries, state);

    /// <summary>An engine with the state of another plan, which reads nothing behind it.</summary>
    /// <param name="saved">The plan of the state.</param>
    /// <param name="deliveries">Make the ways of the results.</param>
    /// <param name="state">The state.</param>
    public ReplayEngine NewTranslation(RecordedPlan saved, IReadOnlyList<DeliveryMaker> deliveries, Stream state) =>
        new(ProcessorTopology.Replay(_plan with { LoadsFrom = saved }, Quiet, _keys, deliveries, state));

    /// <summary>An engine that goes on behind a snapshot.</summary>
    /// <param name="journal">What it reads.</param>
    /// <param name="deliveries">Make the ways of its results.</param>
    /// <param name="snapshot">The mark, and behind it the state; null to begin with the first slot.</param>
    /// <param name="positions">What was told of results that have arrived, up to there.</param>
    public JournalReplay NewReplay(
        IJournalSegments journal,
        IReadOnlyList<DeliveryMaker> deliveries,
        Stream? snapshot,
        IReadOnlyList<long> positions)
    {
        var mark = snapshot is null ? null : ReplayMark.Load(snapshot);
        var engine = new ReplayEngine(
            ProcessorTopology.Replay(_plan, Quiet, _keys, deliveries, snapshot), NewRemade());
        try
        {
            if (mark is not null)
                engine.AddRecords(mark.Waiting);
            var reader = mark is null
                ? new JournalReader(_files, journal, fromSequence: 0)
                : new JournalReader(_files, journal, mark.Position);
            return new JournalReplay(reader, engine, positions);
        }
        catch
        {
            engine.Dispose();
            throw;
        }
    }

    private Func<SideLogReplayer, RemadeRuns>? NewRemade() => _remaking is null
        ? null
        : identities => new RemadeRuns(
            _remaking.NewRemaker(_plan, _keys, _services, identities),
            identities,
            _plan.Inputs[0].Layout.FurtherWords);

    /// <summary>What numbers stand for, to go on behind a snapshot by what the journal tells.</summary>
    /// <param name="journal">What it reads.</param>
    /// <param name="snapshot">The mark, and behind it the state; null to begin with the first slot.</param>
    /// <param name="positions">What was told of results that have arrived, up to there.</param>
    public LedgerReplay NewLedgerReplay(IJournalSegments journal, Stream? snapshot, IReadOnlyList<long> positions)
    {
        if (snapshot is null)
        {
            return new LedgerReplay(
                new JournalReader(_files, journal, fromSequence: 0),
                Ledger.Create(_plan, _keys, replays: true),
                handled: -1,
                positions);
        }

        var mark = ReplayMark.Load(snapshot);
        using var state = new StateReader(snapshot);
        StateSaver.ThrowUnlessOf(_plan, state);
        var ledger = Ledger.Load(_plan, _keys, state, replays: true);
        ledger.Replay!.MoveTo(mark.Sequence + 1);
        ledger.Replay.Add(mark.Waiting);
        return new LedgerReplay(new JournalReader(_files, journal, mark.Position), ledger, mark.Sequence, positions);
    }
}
