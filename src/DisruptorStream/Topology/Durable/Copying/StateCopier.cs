using DisruptorStream.Durability.Files;
using DisruptorStream.Durability.Journal;
using DisruptorStream.Durability.Snapshots;
using DisruptorStream.Identities;
using DisruptorStream.Pipeline.Durable;
using DisruptorStream.Saving;
using DisruptorStream.Slots.Inline;
using DisruptorStream.State.Memory.Copying;
using DisruptorStream.Topology.Durable.Replay;

namespace DisruptorStream.Topology.Durable.Copying;

/// <summary>
/// Takes the snapshots of the processor's own state, while it goes on: no second one is kept in memory.
/// </summary>
/// <remarks>
/// One caller at a time. A snapshot is of a slot that is published for it. What numbers stand for at that slot comes
/// from the snapshot before and from the journal; all else is copied (<see cref="StateCut"/>).
/// </remarks>
internal sealed class StateCopier : ISnapshotTaker
{
    // The file that takes copies for a while.
    private const string FileName = "snapshot.copy";

    private const int StepsAtOnce = 16;

    private readonly DurableEngines _engines;
    private readonly DurablePlan _plan;
    private readonly SnapshotStore _store;
    private readonly IJournalSegments _journal;
    private readonly IFileSystem _files;
    private readonly string _directory;
    private Func<Stream?> _base;
    private Action _askForSync = static () => { };
    private ProcessorParts? _parts;
    private DurableProgress? _progress;
    private JournalRoom? _room;
    private StateCut? _cut;
    private LedgerReplay? _ledger;
    private Task<bool> _meeting = Task.FromResult(false);
    private long[] _numbers = [];
    private long[] _dropped = [];
    private long _sequence;
    private bool _isCopying;
    private bool _isAtEnd;

    /// <param name="engines">Know the keys.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="journal">What is durable of the journal.</param>
    /// <param name="store">Where snapshots go.</param>
    /// <param name="settings">Where and how.</param>
    /// <param name="replayed">The state that the processor begins with.</param>
    public StateCopier(
        DurableEngines engines,
        DurablePlan plan,
        IJournalSegments journal,
        SnapshotStore store,
        DurableSettings settings,
        Replayed replayed)
    {
        _engines = engines;
        _journal = journal;
        _plan = plan;
        _store = store;
        _files = settings.Files;
        _directory = settings.Directory;
        var open = replayed.Open;
        _base = () => open?.Invoke();
        Positions = replayed.Arrived;
        SavedThrough = replayed.Sequence;
    }

    public IReadOnlyList<long> Positions { get; private set; }

    // There is no second engine that could stay behind.
    public long Sequence => _progress?.Durable ?? SavedThrough;

    public long SavedThrough { get => Volatile.Read(ref field); private set => Volatile.Write(ref field, value); }

    public bool HasEnded { get; private set; }

    // What is published counts: where the journal is full, nothing new becomes durable before there is a snapshot.
    public bool HasNews =>
        _parts is { } parts && parts.RuntimeParts.Ring.Slots.Sequencer.Cursor.Value > SavedThrough;

    public string Name => "The copying of the state";

    public bool IsUnderWay => _isCopying && !_parts!.RuntimeParts.Fault.IsFaulted;

    /// <summary>Takes away the file of copies that a process before has left.</summary>
    /// <exception cref="IOException">The file system says no.</exception>
    public static void DeleteLeftOver(DurableSettings settings) =>
        settings.Files.DeleteLeftOver(Path.Combine(settings.Directory, FileName));

    public void Start(ProcessorParts parts, DurableProgress progress, JournalRoom room, Action askForSync)
    {
        _parts = parts;
        _progress = progress;
        _room = room;
        _askForSync = askForSync;
    }

    public bool Step(int frames) => false;

    public bool TrySave()
    {
        var goesOn = false;
        try
        {
            // A journal that is full must not keep out the slot of the snapshot that makes room in it.
            _room!.IsLifted = true;
            var isThere = _isAtEnd ? TryWrite() : IsCut() && IsCopied() && TryWrite();
            goesOn = !isThere;
            return isThere;
        }
        finally
        {
            if (!goesOn)
                GiveUp();
        }
    }

    public void Finish()
    {
        GiveUp();
        _isAtEnd = true;
        _ledger = NewLedger();
        _ledger.MoveToEnd();
        HasEnded = _ledger.HasEnded;
        _sequence = _ledger.Sequence;
        if (HasEnded)
            return;

        // No stage moves any more, and all is delivered: what is written is read from the state itself.
        CountResults();
    }

    public void Dispose() => GiveUp();

    /// <summary>
    /// Whether the stages have come to the slot of the snapshot; has one published where there is none.
    /// </summary>
    private bool IsCut()
    {
        if (_cut is null)
        {
            var cut = new StateCut(Copies(), new CopyFile(_files, Path.Combine(_directory, FileName)));
            _cut = cut;
            _parts!.Runtime.TryMeet(sequence => Cut(cut, sequence), out _meeting);
        }

        if (!_meeting.IsCompleted)
            return false;
        if (_meeting.IsCompletedSuccessfully && _meeting.Result)
            return true;

        // There was no room, what the slot fired is held back, or the processor ends: another slot is tried later.
        var failure = _meeting.Exception?.InnerException;
        _cut.Dispose();
        _cut = null;
        if (failure is null or StreamProcessorException)
            return false;
        throw new StateException($"The state could not be copied: {failure.Message}", failure);
    }

    /// <summary>At the slot, while no stage moves.</summary>
    private void Cut(StateCut cut, long sequence)
    {
        _sequence = sequence;
        CountResults();
        _parts!.Saver.Cut(cut);
    }

    private bool IsCopied()
    {
        _isCopying = !_cut!.Collect();
        if (!_isCopying)
            return true;
        if (_parts!.RuntimeParts.Ring is InlineEventRing inline)
            CopySome(inline);
        else
            _cut.Wake();
        return false;
    }

    /// <summary>Where no thread of the engine copies, this one does, a short call at a time.</summary>
    private void CopySome(InlineEventRing ring)
    {
        for (var step = 0; step < StepsAtOnce && !_cut!.Collect(); step++)
            ring.TryDeliverBeside();
    }

    private bool TryWrite()
    {
        if (_isAtEnd)
        {
            if (_sequence <= SavedThrough)
                return true;
        }
        else
        {
            // What is saved is a beginning of what is durable.
            if (_progress!.Durable < _sequence)
            {
                _askForSync();
                return false;
            }

            _ledger ??= NewLedger();
            if (!_ledger.TryMoveTo(_sequence))
                return false;
        }

        var info = _plan.InfoOf(_sequence, _numbers, _dropped, _ledger!.Positions, _ledger.Ordinal);
        _store.Write(info, stream => Write(stream, info.Plan));
        Positions = _ledger.Positions;
        SavedThrough = _sequence;
        _base = () => _store.Open(info.Sequence, out _, isChecked: true);
        return true;
    }

    private void Write(Stream stream, Fingerprint plan)
    {
        _ledger!.Mark(_sequence).Save(stream, plan);
        if (_isAtEnd)
            _parts!.Saver.Save(stream, _sequence, _ledger.Ledger);
        else
            _parts!.Saver.Save(stream, _sequence, _ledger.Ledger, _cut!);
    }

    private LedgerReplay NewLedger()
    {
        using var snapshot = _base();
        return _engines.NewLedgerReplay(_journal, snapshot, Positions);
    }

    private ShardCopy[][] Copies()
    {
        var copies = new ShardCopy[_parts!.Queries.Count][];
        for (var query = 0; query < copies.Length; query++)
            copies[query] = _parts.Queries[query].Copies;
        return copies;
    }

    private void CountResults()
    {
        var count = _parts!.Queries.Count;
        (_numbers, _dropped) = (new long[count], new long[count]);
        for (var query = 0; query < count; query++)
        {
            var delivery = _parts.Queries[query].Delivery;
            (_numbers[query], _dropped[query]) = (delivery.SavedNumber, delivery.SavedDroppedNumber);
        }
    }

    private void GiveUp()
    {
        _cut?.Dispose();
        _cut = null;
        _isCopying = false;
        if (_room is not null)
            _room.IsLifted = false;
        _ledger?.Dispose();
        _ledger = null;
    }
}
