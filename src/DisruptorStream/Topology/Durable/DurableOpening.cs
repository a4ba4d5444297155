using System.Diagnostics;
using DisruptorStream.Durability;
using DisruptorStream.Durability.Journal;
using DisruptorStream.Durability.Journal.Reading;
using DisruptorStream.Durability.Journal.Writing;
using DisruptorStream.Durability.Plans;
using DisruptorStream.Durability.Snapshots;
using DisruptorStream.Pipeline.Durable;
using DisruptorStream.Plans;
using DisruptorStream.Saving;
using DisruptorStream.Topology.Durable.Copying;
using DisruptorStream.Topology.Durable.Opening;
using DisruptorStream.Topology.Durable.Replay;
using DisruptorStream.Topology.Queries;
using DisruptorStream.Topology.State;

namespace DisruptorStream.Topology.Durable;

/// <summary>Builds a durable processor: new, or where another one was when it ended, however that was.</summary>
/// <remarks>
/// The newest snapshot that may be used is loaded, and the journal behind it is handled again; the sinks get what they
/// do not hold. The state as it is then becomes a snapshot, which the processor and its shadow are made from.
/// </remarks>
internal sealed class DurableOpening
{
    private readonly DurableSettings _settings;
    private readonly ProcessorPlan _plan;
    private readonly ProcessorServices _services;
    private readonly IReadOnlyList<KeyColumnMaker> _keys;
    private readonly DurableDeliveries _deliveries;
    private readonly SnapshotStore _store;
    private readonly DurableLog _log;
    private readonly List<string> _remarks = [];
    private readonly SymbolMarks _symbols;
    private readonly long _begun = Stopwatch.GetTimestamp();
    private Recovery? _recovery;

    /// <param name="settings">Where and how.</param>
    /// <param name="plan">What the processor is.</param>
    /// <param name="services">What its host gives.</param>
    /// <param name="keys">Make the keys, in the order of the plan.</param>
    /// <param name="deliveries">Make the ways of the results, in the order of the plan's queries.</param>
    public DurableOpening(
        DurableSettings settings,
        ProcessorPlan plan,
        ProcessorServices services,
        IReadOnlyList<KeyColumnMaker> keys,
        IReadOnlyList<DeliveryMaker> deliveries)
    {
        _settings = settings;
        _plan = plan;
        _services = services;
        _keys = keys;
        _deliveries = new DurableDeliveries(deliveries);
        _store = new SnapshotStore(settings.Files, settings.Directory);
        _log = new DurableLog(services.Logger, plan.Name);
        _symbols = new SymbolMarks(plan);
    }

    /// <exception cref="DurabilityException">
    /// Another owner has the directory, it is damaged, or it is that of another plan.
    /// </exception>
    /// <exception cref="NotSupportedException">The keys have no codec.</exception>
    public ProcessorParts Open()
    {
        var hold = Take();
        try
        {
            return OpenHeld(hold);
        }
        catch (Exception exception) when (exception is JournalException or StateException
            or IOException or UnauthorizedAccessException)
        {
            // The text of what it wraps is in its own: once is enough.
            var failure = new DurabilityException(
                $"The processor '{_plan.Name}' cannot go on from '{_settings.Directory}': {exception.Message}",
                exception.InnerException ?? exception);
            GiveUp(hold, failure);
            throw failure;
        }
        catch (Exception failure)
        {
            GiveUp(hold, failure);
            throw;
        }
    }

    private void GiveUp(IDisposable hold, Exception failure)
    {
        _recovery?.EndSinks(failure);
        _symbols.Restore();
        hold.Dispose();
    }

    private IDisposable Take()
    {
        try
        {
            _settings.Files.CreateDirectory(_settings.Directory);
            return _settings.Files.TryLock(Path.Combine(_settings.Directory, "lock")) ?? throw new DurabilityException(
                $"The directory '{_settings.Directory}' is in use by another processor, in this process or another "
                + "one; stop that one first, and await its Completion where one of its sinks may still be in a call, "
                + "or choose another directory.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            var why = File.Exists(_settings.Directory)
                ? "it is a file, and not a directory"
                : exception.Message.TrimEnd('.');
            throw new DurabilityException(
                $"The directory '{_settings.Directory}' cannot be used: {why}. Choose another one, or see to it that "
                + "this process may write there and that the disk has room.",
                exception);
        }
    }

    private ProcessorParts OpenHeld(IDisposable hold)
    {
        StateCopier.DeleteLeftOver(_settings);
        var contents = JournalContents.Open(_settings.Files, _settings.Directory);
        var snapshots = _store.ListToNewest();
        var start = PlanStart.Of(_settings, _plan, contents, snapshots);
        var engines = new DurableEngines(start.Plan, _services, _keys, _settings.Files, _settings.Remaking);

        // Before any sink gets a result that depends on it.
        TailRewriting.Run(_settings.Files, contents);
        var newest = DirectoryPlan.NewestOf(snapshots);
        var streamId = newest?.StreamId ?? contents.Identity?.StreamId ?? _settings.NewStreamId();
        _deliveries.Open(start.Plan, NextEpoch(contents), streamId);
        var arrived = ArrivedResults.Newest(start.Plan, start.Saved, contents, snapshots);
        var durable = new DurablePlan(start.Plan, start.Recorded, streamId, _services.TimeProvider);
        if (start.IsChange)
        {
            var (made, remarks) = new PlanTransition(start, engines, _deliveries, _store)
                .Run(contents, newest!, arrived, durable);
            _remarks.AddRange(remarks);
            snapshots = Array.ConvertAll(
                (SnapshotEntry[])[.. snapshots], found => found.Sequence == made.Sequence ? made : found);
        }

        _remarks.AddRange(start.Comparison?.Remarks ?? []);
        var choice = SnapshotChoice.Of(
            _store, snapshots, contents, durable, _deliveries.HeldBy(arrived), arrived);
        _remarks.AddRange(choice.Remarks);
        var replayed = choice.Info is null && (contents.IsEmpty || start.Saved is null)
            ? Replayed.Nothing
            : Recover(engines, contents, choice, arrived, durable);
        var writer = JournalBeginning.Begin(_settings, contents, durable, replayed.Sequence + 1, _services);
        ISnapshotTaker? taker = null;
        try
        {
            taker = NewTaker(engines, writer, replayed, durable);
            var session = new DurableSession(
                durable, _settings, writer, _store, taker, hold, replayed.Sequence, _log)
            {
                Recovery = ReportOf(contents, choice, replayed) with { Plan = start.Comparison },
            };
            return Build(engines, session, writer, replayed);
        }
        catch
        {
            taker?.Dispose();
            writer.Dispose();
            throw;
        }
    }

    /// <summary>Higher than that of every owner before, whatever ends the process.</summary>
    private long NextEpoch(JournalContents contents)
    {
        var next = contents.HighestNumber + 1;
        return _deliveries.HasStores
            ? new EpochFile(_settings.Files, _settings.Directory).TakeNext(next, _settings.NewOwnerMark())
            : next;
    }

    private Replayed Recover(
        DurableEngines engines,
        JournalContents contents,
        SnapshotChoice choice,
        ArrivedResults arrived,
        DurablePlan durable)
    {
        using var snapshot = choice.Open();
        _recovery = new Recovery(_settings, engines, _store, _remarks);
        return _recovery.Run(contents, snapshot, _deliveries.Behind(arrived), durable);
    }

    private ProcessorParts Build(
        DurableEngines engines, DurableSession session, JournalWriter writer, Replayed replayed)
    {
        var journal = new JournalServices
        {
            Writer = writer,
            Progress = session.Progress,
            Room = session.Room,
            Syncs = _settings.Options.Mode == DurabilityMode.Sync,
            CopiesState = _settings.Options.Snapshots == SnapshotMethod.Copy,
            Reseats = _settings.Options.OnSyncFailure == SyncFailurePolicy.Reseat,
            GoesOnFrom = replayed.IsNew ? -1 : replayed.Sequence + 1,
            OnEnd = session.EndAsync,
        };
        using var state = replayed.OpenState();
        var parts = engines.NewProcessor(journal, _deliveries.At(session.Progress.Results), state);
        session.Start(parts);
        _log.Tell(session.Recovery);
        return parts with { Durable = session };
    }

    private ISnapshotTaker NewTaker(
        DurableEngines engines, JournalWriter writer, Replayed replayed, DurablePlan durable)
    {
        if (_settings.Options.Snapshots == SnapshotMethod.Copy)
            return new StateCopier(engines, durable, writer.DurableSegments, _store, _settings, replayed);
        using var snapshot = replayed.Open?.Invoke();
        var replay = engines.NewReplay(
            writer.DurableSegments, _deliveries.Shadows, snapshot, replayed.Arrived);
        return new Shadow(replay, _store, durable, replayed.Sequence);
    }

    private RecoveryReport ReportOf(JournalContents contents, SnapshotChoice choice, Replayed replayed) => new()
    {
        IsRecovered = !replayed.IsNew,
        SnapshotSequence = choice.Info?.Sequence ?? -1,
        LastSequence = replayed.Sequence,
        SlotsReplayed = replayed.Slots,
        Duration = Stopwatch.GetElapsedTime(_begun),
        BytesCut = contents.CutBytes,
        Remarks = [.. _remarks],
    };
}
