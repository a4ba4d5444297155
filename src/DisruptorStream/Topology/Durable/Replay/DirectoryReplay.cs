using DisruptorStream.Durability;
using DisruptorStream.Durability.Inspection;
using DisruptorStream.Durability.Journal;
using DisruptorStream.Durability.Plans;
using DisruptorStream.Durability.Plans.Records;
using DisruptorStream.Durability.Snapshots;
using DisruptorStream.Plans;
using DisruptorStream.Plans.Recording;
using DisruptorStream.Saving;
using DisruptorStream.Topology.Durable.Remaking;
using DisruptorStream.Topology.Queries;
using DisruptorStream.Topology.State;

namespace DisruptorStream.Topology.Durable.Replay;

/// <summary>Handles again what a directory holds, and changes nothing there.</summary>
internal sealed class DirectoryReplay
{
    private const int FramesPerReport = 1024;

    private readonly string _directory;
    private readonly ReplayOptions _options;
    private readonly ISlotRemaking? _remaking;
    private readonly ReadOnlyFileSystem _files = new();
    private readonly List<string> _remarks = [];

    /// <param name="directory">The directory, as a whole path.</param>
    /// <param name="options">What of it.</param>
    /// <param name="remaking">The sources that can give events again; null for none.</param>
    public DirectoryReplay(string directory, ReplayOptions options, ISlotRemaking? remaking = null)
    {
        _remaking = remaking;
        _directory = directory;
        _options = options;
    }

    /// <param name="plan">What the processor is.</param>
    /// <param name="services">What its host gives.</param>
    /// <param name="keys">Make the keys, in the order of the plan.</param>
    /// <param name="deliveries">Make the ways of the results, in the order of the plan's queries.</param>
    /// <exception cref="IOException">The directory cannot be read.</exception>
    /// <exception cref="DurabilityException">It cannot be handled again; the message says why.</exception>
    /// <exception cref="PipelineException">A stage failed, or a sink.</exception>
    public ReplayReport Run(
        ProcessorPlan plan,
        ProcessorServices services,
        IReadOnlyList<KeyColumnMaker> keys,
        IReadOnlyList<DeliveryMaker> deliveries)
    {
        try
        {
            var state = DirectoryState.Read(_directory);
            var recorded = RecordedPlanOf(state, plan);
            var engines = new DurableEngines(PlanPinning.Pin(plan, recorded), services, keys, _files, _remaking);
            var snapshot = new ReplayBase(_options, _remarks).Of(state, recorded.Id);
            var sinks = Array.ConvertAll([.. deliveries], static delivery => delivery.ToReplay());
            using var content = snapshot is null
                ? null
                : new SnapshotStore(_files, _directory).Open(snapshot.Sequence, out _, isChecked: true);
            using var replay = engines.NewReplay(state.Journal, sinks, content, positions: []);
            replay.Until = _options.Until ?? long.MaxValue;
            return HandleAll(replay, state.Journal, recorded);
        }
        catch (Exception exception) when (exception is JournalException or StateException)
        {
            throw new DurabilityException(
                $"The recording in '{_directory}' cannot be handled again: {exception.Message}", exception);
        }
    }

    private static ReplayedQuery[] QueriesOf(RecordedPlan plan, long[] before, long[] recorded, long[] all)
    {
        var queries = new ReplayedQuery[plan.Queries.Count];
        for (var query = 0; query < queries.Length; query++)
        {
            queries[query] = new ReplayedQuery(
                plan.NameOf(plan.Queries[query].Name),
                before[query] + 1,
                recorded[query],
                all[query] - recorded[query]);
        }

        return queries;
    }

    private ReplayReport HandleAll(JournalReplay replay, JournalContents journal, RecordedPlan plan)
    {
        var engine = replay.Engine;
        var (first, before) = (engine.Sequence, engine.Numbers());
        ReplayReport report;
        try
        {
            Handle(replay, Math.Min(replay.Until, journal.LastSequence));
            var (last, hasEnded, recorded) = (engine.Sequence, engine.HasEnded, engine.Numbers());
            if (_options.EndsInput && !hasEnded)
                engine.EndInput();
            engine.Drain();
            report = new ReplayReport
            {
                Directory = _directory,
                SnapshotSequence = first,
                LastSequence = last,
                HasEnded = hasEnded,
                Queries = QueriesOf(plan, before, recorded, engine.Numbers()),
                Remarks = _remarks,
            };
        }
        catch (Exception failure)
        {
            engine.EndSinks(failure);
            throw;
        }

        engine.Complete();
        return report;
    }

    private void Handle(JournalReplay replay, long last)
    {
        var engine = replay.Engine;
        var first = engine.Sequence;
        for (var more = true; more;)
        {
            more = replay.TryStep(FramesPerReport);
            _options.Progress?.Report(
                new RecoveryProgress(engine.Sequence - first, Math.Max(engine.Sequence, last) - first));
        }

        replay.Finish();
        if (_options.Until is { } until && engine.Sequence < until && !engine.HasEnded)
        {
            _remarks.Add(
                $"The recording ends with slot {engine.Sequence}, and slot {until} was asked for: that is not there.");
        }
    }

    private RecordedPlan RecordedPlanOf(DirectoryState state, ProcessorPlan plan)
    {
        if (DirectoryPlan.Of(state.Journal, state.Snapshots) is not { } directory)
        {
            throw new DurabilityException(
                $"The directory '{_directory}' holds no slots: nothing was recorded there, or it is that of something "
                + "else. Each dump of a flight recorder has a directory of its own below that of the dumps.");
        }

        var comparison = PlanComparer.Compare(
            _directory, directory.Plan, PlanRecorder.Record(plan), directory.SlotsBehind);
        if (comparison.IsSame)
            return directory.Plan;
        var changes = new List<string>();
        foreach (var part in comparison.Parts)
        {
            if (part.Outcome != PlanOutcome.Kept)
                changes.Add(part.ToString());
        }

        foreach (var option in comparison.Options)
            changes.Add(option.ToString());
        throw new DurabilityException(
            $"The processor's plan is not the one in '{_directory}', and would give other results: "
            + $"{string.Join("; ", changes)}. Build it as it was when the slots were recorded.");
    }
}
