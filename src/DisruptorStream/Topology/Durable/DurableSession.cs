using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using DisruptorStream.Durability;
using DisruptorStream.Durability.Journal.Writing;
using DisruptorStream.Durability.Snapshots;
using DisruptorStream.Pipeline.Durable;
using DisruptorStream.Slots;
using DisruptorStream.Slots.Inline;

namespace DisruptorStream.Topology.Durable;

/// <summary>The journal and the snapshots of a processor, from its start to its end.</summary>
/// <remarks>Any thread, but where it says otherwise.</remarks>
[SuppressMessage("Design", "CA1001", Justification = "The end of the processor ends it.")]
internal sealed class DurableSession
{
    private const int FramesPerStep = 256;
    private const int OverdueAfter = 3;

    // A part of the state is copied between two batches, and some batches come in this time.
    private const int CopyMilliseconds = 1;

    private static readonly TimeSpan ShadowInterval = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan FullRetryDelay = TimeSpan.FromSeconds(1);

    private readonly DurablePlan _plan;
    private readonly DurableSettings _settings;
    private readonly JournalWriter _writer;
    private readonly SnapshotStore _store;
    private readonly ISnapshotTaker _snapshots;
    private readonly IDisposable _hold;
    private readonly DurableThread? _syncer;
    private readonly DurableThread? _follower;
    private readonly IDurableEvents _events;
    private readonly SnapshotAsks _asks = new();

    // Set before any thread begins.
    private ProcessorParts? _processor;
    private bool _isFull;
    private bool _keepsOne;
    private IReadOnlyList<long>? _prunedFor;
    private long _savedTimestamp = Stopwatch.GetTimestamp();
    private long _newsTimestamp;
    private long _retryTimestamp;
    private int _hasEnded;
    private string? _failure;
    private string? _shadowFailure;
    private Exception? _toldOfSpares;

    /// <param name="plan">What the processor is.</param>
    /// <param name="settings">Where and how.</param>
    /// <param name="writer">Writes the journal.</param>
    /// <param name="store">The snapshots.</param>
    /// <param name="snapshots">Takes them.</param>
    /// <param name="hold">Keeps other owners out.</param>
    /// <param name="through">The last slot that was there before.</param>
    /// <param name="events">Told what went wrong beside the processor, which goes on.</param>
    public DurableSession(
        DurablePlan plan,
        DurableSettings settings,
        JournalWriter writer,
        SnapshotStore store,
        ISnapshotTaker snapshots,
        IDisposable hold,
        long through,
        IDurableEvents events)
    {
        _plan = plan;
        _settings = settings;
        _writer = writer;
        _store = store;
        _snapshots = snapshots;
        _hold = hold;
        _events = events;
        Progress = new DurableProgress(through, Syncs, AskForSync);
        Room = new JournalRoom(
            settings.Options.MaxJournalBytes is { } most
                ? Math.Max(most, JournalRoom.FewestSegments * settings.Options.SegmentBytes)
                : long.MaxValue,
            settings.Options.OnJournalLimit == JournalLimitPolicy.Wait,
            OnFull);
        if (settings.IsByHand)
            return;
        if (!Syncs)
            _syncer = new DurableThread("disruptorstream-sync", SyncNow, settings.Options.SyncInterval, Fail);
        _follower = new DurableThread("disruptorstream-shadow", Follow, ShadowInterval, FailShadow, isLow: true);
    }

    /// <summary>How far the journal has come.</summary>
    public DurableProgress Progress { get; }

    /// <summary>Gives up files that are not needed.</summary>
    public JournalRoom Room { get; }

    /// <summary>What recovery did.</summary>
    public required RecoveryReport Recovery { get; init; }

    /// <summary>The directory.</summary>
    public string Directory => _settings.Directory;

    /// <summary>What results wait for.</summary>
    public DurabilityMode Mode => _settings.Options.Mode;

    private ProcessorParts Processor => _processor
        ?? throw new InvalidOperationException("The journal of a processor is used before it has begun.");

    private EventRing Ring => Processor.RuntimeParts.Ring;

    private bool Syncs => _settings.Options.Mode == DurabilityMode.Sync;

    /// <summary>How it is now.</summary>
    public DurabilityStats Stats => new()
    {
        // Against the flow, so that none is ahead of what it follows.
        SnapshotSequence = _snapshots.SavedThrough,
        ShadowSequence = _snapshots.Sequence,
        DurableSequence = Progress.Durable,
        WrittenSequence = Progress.Written,
        PublishedSequence = Ring.Slots.Sequencer.Cursor.Value,
        SnapshotAge = Stopwatch.GetElapsedTime(Volatile.Read(ref _savedTimestamp)),
        JournalBytes = _writer.Bytes,
        JournalFiles = _writer.Segments.Length,
        RecoveryTime = Recovery.Duration,
        IsSnapshotOverdue = IsOverdue,
        JournalFailure = _writer.Failure?.Message,
        ShadowFailure = Volatile.Read(ref _shadowFailure),
        SnapshotFailure = Volatile.Read(ref _failure),
        SpareFailure = _writer.SpareFailure?.Message,
    };

    private bool IsOverdue => Volatile.Read(ref _newsTimestamp) is var news && news != 0
        && Stopwatch.GetElapsedTime(news) > OverdueAfter * _settings.Options.SnapshotInterval;

    /// <summary>The processor is there: its threads begin.</summary>
    public void Start(ProcessorParts parts)
    {
        _processor = parts;
        Room.Fault = parts.RuntimeParts.Fault;
        _snapshots.Start(parts, Progress, Room, AskForSync);
        if (_settings.IsByHand)
            return;
        _writer.Maker.Start();
        _syncer?.Start();
        _follower!.Start();
    }

    /// <summary>Makes durable what was written. Returns false: once is enough.</summary>
    public bool SyncNow()
    {
        // Where no thread of the engine writes what was published, this one has it written.
        (Ring as InlineEventRing)?.TryDeliverBeside();
        _writer.Sync();
        Progress.OnDurable(_writer.DurableThrough);
        return false;
    }

    /// <summary>The shadow goes on, and takes a snapshot where one is due. On one thread.</summary>
    /// <returns>Whether there may be more to do.</returns>
    public bool Follow()
    {
        LookAtSpares();
        if (_shadowFailure is not null)
            return false;

        // What earlier runs left, however short they were: their snapshots, and the journal before those.
        if (Recovery.IsRecovered && _prunedFor is null)
            Try(Prune);
        var more = _snapshots.Step(FramesPerStep);
        if (_newsTimestamp == 0 && _snapshots.HasNews)
            Volatile.Write(ref _newsTimestamp, Stopwatch.GetTimestamp());

        // Who asks for a snapshot gets one of all that is durable. One that was begun goes on, whoever wanted it.
        if (_snapshots.IsUnderWay || (IsSnapshotDue() && !(more && _asks.Any)))
            Try(Save);
        if (!_snapshots.IsUnderWay)
            return more;
        if (!_settings.IsByHand)
            Thread.Sleep(CopyMilliseconds);
        return true;
    }

    /// <summary>Makes a file of the journal ready. Returns whether one was wanted.</summary>
    public bool MakeSpare() => _writer.Maker.Step();

    /// <summary>Takes a snapshot of what is durable. On the thread of the shadow.</summary>
    public void Save()
    {
        if (_snapshots.HasNews && !_snapshots.TrySave())
            return;
        Volatile.Write(ref _savedTimestamp, Stopwatch.GetTimestamp());
        Volatile.Write(ref _newsTimestamp, 0);
        Volatile.Write(ref _failure, null);
        Prune();
        _asks.Complete(_snapshots.SavedThrough);
    }

    /// <summary>
    /// Gives up older snapshots, and the journal before those that are kept. Where that is at its limit, only one is.
    /// </summary>
    private void Prune()
    {
        _keepsOne = Volatile.Read(ref _isFull);
        _prunedFor = _snapshots.Positions;

        // Who still waits for room says so again.
        Volatile.Write(ref _isFull, false);
        var kept = _keepsOne ? 1 : _settings.Options.SnapshotsKept;
        var pruned = _store.Prune(kept, _plan.NumbersOf(_prunedFor), _plan.DroppedOf(_prunedFor));
        if (pruned is { OldestSequence: { } sequence, OldestOrdinal: { } ordinal })
            Room.GiveUp(sequence, ordinal);
    }

    /// <summary>Completes when a snapshot is there of all that is durable by now.</summary>
    public Task SaveAsync()
    {
        var saved = _asks.Add(Progress.Durable);
        _follower?.Wake();
        return saved;
    }

    /// <summary>Nobody publishes, handles or delivers any more. Never throws.</summary>
    /// <param name="isDrained">Whether all was handled and delivered.</param>
    public Task EndAsync(bool isDrained)
    {
        if (!_settings.IsByHand)
            return Task.Run(() => End(isDrained));
        End(isDrained);
        return Task.CompletedTask;
    }

    private void End(bool isDrained)
    {
        if (Interlocked.Exchange(ref _hasEnded, 1) != 0)
            return;
        try
        {
            _syncer?.Dispose();
            _follower?.Dispose();
            if (isDrained && _writer.Failure is null)
                Close();
        }
        catch (Exception exception)
        {
            Note("The journal could not be closed, and the next start handles again what came last", exception);
        }
        finally
        {
            Free();
        }
    }

    private void Close()
    {
        _writer.AppendPositions(ArrivedResults.Of(Processor.Queries));
        _writer.AppendEnd();
        _writer.Write();
        _writer.Sync();
        Progress.OnDurable(_writer.DurableThrough);
        if (_shadowFailure is not null)
            return;
        _snapshots.Finish();
        if (_snapshots.HasEnded)
            return;
        Save();

        // Nothing is written any more that would do it.
        Room.Recycle(_writer);
    }

    private bool IsSnapshotDue()
    {
        if (_asks.Any)
            return true;
        if (_retryTimestamp != 0 && Stopwatch.GetTimestamp() < _retryTimestamp)
            return false;
        if (!_snapshots.HasNews)
            return MayPruneMore;
        return Volatile.Read(ref _isFull)
            || Stopwatch.GetElapsedTime(_savedTimestamp) >= _settings.Options.SnapshotInterval;
    }

    /// <summary>
    /// Whether the journal is at its limit, and older snapshots may go that were kept when it was last looked at.
    /// </summary>
    private bool MayPruneMore => Volatile.Read(ref _isFull)
        && !(_keepsOne && ReferenceEquals(_prunedFor, _snapshots.Positions));

    /// <summary>A disk that does not take a snapshot now may take the next one.</summary>
    private void Try(Action save)
    {
        try
        {
            _retryTimestamp = 0;
            save();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            var delay = RetryDelay();
            _retryTimestamp = Stopwatch.GetTimestamp() + (long)(delay.TotalSeconds * Stopwatch.Frequency);
            Volatile.Write(ref _failure, $"No snapshot could be taken: {exception.Message}");
            _events.OnSnapshotFailed(delay, exception);
            _asks.Fail(NoSnapshot(exception));
        }
    }

    /// <summary>Not longer than a full journal can wait for room.</summary>
    private TimeSpan RetryDelay() =>
        Volatile.Read(ref _isFull) && _settings.Options.SnapshotInterval > FullRetryDelay
            ? FullRetryDelay
            : _settings.Options.SnapshotInterval;

    /// <summary>Says once that no spare file can be made, and again only after one could.</summary>
    private void LookAtSpares()
    {
        var failure = _writer.SpareFailure;
        if (failure is not null && _toldOfSpares is null)
            _events.OnSpareFailed(failure);
        _toldOfSpares = failure;
    }

    /// <summary>What it knows is no longer the state of a place in the journal: it stays as it is.</summary>
    private void FailShadow(Exception exception)
    {
        Volatile.Write(ref _shadowFailure, $"{_snapshots.Name} failed: {exception.Message}");
        _events.OnFailed(
            $"{_snapshots.Name} failed, and no more snapshots are taken until it is started again", exception);
        _asks.End(NoSnapshot(exception));
    }

    private DurabilityException NoSnapshot(Exception why) =>
        new($"No snapshot of '{_plan.Plan.Name}' can be taken in '{Directory}': {why.Message}", why);

    private void AskForSync() => _syncer?.Wake();

    /// <summary>The journal is at its limit: a snapshot may make room.</summary>
    private void OnFull()
    {
        Volatile.Write(ref _isFull, true);
        _syncer?.Wake();
        _follower?.Wake();
    }

    private void Fail(Exception exception)
    {
        if (_writer.Failure is not null)
            Processor.RuntimeParts.Fault.TrySet(exception, "journal", Progress.Durable + 1);
        else
            Note("The journal could not be synced", exception);
    }

    private void Note(string what, Exception exception)
    {
        Volatile.Write(ref _failure, $"{what}: {exception.Message}");
        _events.OnFailed(what, exception);
    }

    /// <summary>What one throws keeps no other from being freed.</summary>
    private void Free(IDisposable owned)
    {
        try
        {
            owned.Dispose();
        }
        catch (Exception exception)
        {
            Note("The journal could not be given up", exception);
        }
    }

    private void Free()
    {
        var ended = Room.Fault is { IsFailure: true } failed
            ? failed.ToException()
            : new ProcessorStoppedException("The processor has ended, and its journal is closed.");
        Progress.End(ended);
        _asks.End(ended);
        Free(_snapshots);
        Free(_writer);
        Free(_hold);
    }
}
