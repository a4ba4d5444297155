using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using DisruptorStream.Durability;
using DisruptorStream.Durability.Journal.Writing;
using DisruptorStream.Durability.Recording;
using DisruptorStream.Durability.Recording.Files;
using DisruptorStream.Durability.Snapshots;
using DisruptorStream.Pipeline.Durable;
using DisruptorStream.Slots.Inline;
using DisruptorStream.Topology.Durable.Copying;

namespace DisruptorStream.Topology.Durable.Recording;

/// <summary>The flight recorder of a processor, from its start to its end.</summary>
/// <remarks>
/// Any thread, but where it says otherwise. It writes what a durable processor writes, and gives up what is older than
/// is asked for; nothing waits for it, and what fails in it ends the recording alone.
/// </remarks>
[SuppressMessage("Design", "CA1001", Justification = "The end of the processor ends it.")]
internal sealed class RecorderSession
{
    private const int SnapshotsPerRecording = 2;
    private const int CopyMilliseconds = 1;
    private const int WrittenMilliseconds = 1_000;

    // The copying of states takes one part in so many of the time, at the most.
    private const int ShareOfSnapshots = 10;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    private readonly RecorderSettings _settings;
    private readonly DurableSettings _files;
    private readonly JournalWriter _writer;
    private readonly SnapshotStore _store;
    private readonly StateCopier _states;
    private readonly RecordingDumps _dumps;
    private readonly IDisposable? _hold;
    private readonly DurableThread? _thread;
    private readonly RecorderLog _log;
    private readonly Lock _gate = new();
    private readonly List<long> _saved = [];
    private readonly long _slotsPerSnapshot;

    // Set before any thread begins.
    private ProcessorParts? _processor;
    private DumpTriggers? _triggers;
    private bool _isFull;
    private bool _hasEnded;
    private long _begunTimestamp;
    private long _restUntilTimestamp;
    private long _snapshotTicks;
    private string? _failure;

    /// <param name="settings">What is kept.</param>
    /// <param name="files">Where.</param>
    /// <param name="writer">Writes the slots.</param>
    /// <param name="store">The states.</param>
    /// <param name="states">Copies them.</param>
    /// <param name="dumps">Writes the dumps.</param>
    /// <param name="hold">Keeps other owners out; null where nobody else can come in.</param>
    /// <param name="log">Told what goes wrong.</param>
    public RecorderSession(
        RecorderSettings settings,
        DurableSettings files,
        JournalWriter writer,
        SnapshotStore store,
        StateCopier states,
        RecordingDumps dumps,
        IDisposable? hold,
        RecorderLog log)
    {
        _settings = settings;
        _files = files;
        _writer = writer;
        _store = store;
        _states = states;
        _dumps = dumps;
        _hold = hold;
        _log = log;
        _slotsPerSnapshot = Math.Max(1, settings.Options.Slots / SnapshotsPerRecording);
        Services = new RecordingServices(OnFailed);
        Progress = new DurableProgress(through: -1, awaitsSync: false, static () => { });
        var least = JournalRoom.FewestSegments * files.Options.SegmentBytes;
        Room = new JournalRoom(Math.Max(settings.Options.MaxBytes, least), waits: true, OnFull);
        if (!settings.IsByHand)
            _thread = new DurableThread("disruptorstream-recorder", Step, Interval, Services.TurnOff, isLow: true);
    }

    /// <summary>How far the recording has come.</summary>
    public DurableProgress Progress { get; }

    /// <summary>Gives up files that are not needed.</summary>
    public JournalRoom Room { get; }

    /// <summary>What the thread that writes needs to know.</summary>
    public RecordingServices Services { get; }

    /// <summary>Where the dumps of triggers go.</summary>
    public string DumpDirectory => _settings.DumpDirectory;

    /// <summary>How it is now.</summary>
    public FlightRecorderStats Stats
    {
        get
        {
            lock (_gate)
            {
                return _dumps.Tell(new FlightRecorderStats
                {
                    BaseSequence = _saved.Count > 0 && _writer.Segments[0].FirstSequence > 0 ? _saved[0] : -1,
                    LastSequence = _writer.WrittenThrough,
                    JournalBytes = _writer.Bytes,
                    MemoryBytes = (_files.Files as MemoryFileSystem)?.Bytes ?? 0,
                    Snapshots = _saved.Count,
                    SnapshotTime = TimeSpan.FromTicks(Volatile.Read(ref _snapshotTicks)),
                    RecordingFailure = Volatile.Read(ref _failure),
                    Dumps = 0,
                    DumpsSkipped = 0,
                    DumpsFailed = 0,
                    LastDump = null,
                    DumpFailure = null,
                });
            }
        }
    }

    private ProcessorParts Processor => _processor
        ?? throw new InvalidOperationException("The recording of a processor is used before it has begun.");

    private bool HasEnded => Volatile.Read(ref _hasEnded);

    /// <summary>The processor is there.</summary>
    public void Start(ProcessorParts parts)
    {
        _processor = parts;
        _triggers = new DumpTriggers(_settings.Options, parts);
        Room.Fault = parts.RuntimeParts.Fault;
        _states.Start(parts, Progress, Room, static () => { });
        _thread?.Start();
    }

    /// <summary>Copies a state where one is due, and looks whether something is to be dumped. On one thread.</summary>
    /// <returns>Whether there is more to do at once.</returns>
    public bool Step()
    {
        if (Services.IsOff)
            return false;

        // Nothing is synced here, but what is read is what is durable.
        _writer.Sync();
        Progress.OnDurable(_writer.DurableThrough);
        while (_writer.Maker.Step())
        {
        }

        if (_states.IsUnderWay || IsSnapshotDue())
            Save();
        if (_triggers!.Look() is { } cause)
            _dumps.TryDumpFor(cause, Capture);
        if (!_states.IsUnderWay)
            return false;
        if (!_settings.IsByHand)
            Thread.Sleep(CopyMilliseconds);
        return true;
    }

    /// <summary>Writes what is held to a directory.</summary>
    /// <param name="directory">A new or empty one; null for one below that of the dumps.</param>
    /// <exception cref="IOException">It is neither, or the disk says no.</exception>
    /// <exception cref="DurabilityException">Nothing is recorded any more.</exception>
    public FlightDump Dump(string? directory)
    {
        if (_settings.Directory is { } own && HasEnded)
        {
            throw new InvalidOperationException(
                $"The processor has ended, and its recording lies in '{own}'; replay or copy that directory.");
        }

        return _dumps.Dump(directory, Capture);
    }

    /// <summary>Nobody publishes, handles or delivers any more. Never throws.</summary>
    public Task EndAsync()
    {
        if (!_settings.IsByHand)
            return Task.Run(End);
        End();
        return Task.CompletedTask;
    }

    private void End()
    {
        if (Interlocked.Exchange(ref _hasEnded, true))
            return;
        _thread?.Dispose();
        var fault = Processor.RuntimeParts.Fault;
        Try(Services.WriteRest);
        if (_settings.Options.OnFault && fault.IsFailure)
            _dumps.TryDump(DumpCause.Fault, Capture);
        Progress.End(new ProcessorStoppedException("The processor has ended, and nothing is recorded any more."));
        Try(_states.Dispose);
        Try(_writer.Dispose);
        if (_hold is not null)
            Try(_hold.Dispose);
    }

    private void Try(Action end)
    {
        try
        {
            end();
        }
        catch (Exception exception)
        {
            Services.TurnOff(exception);
        }
    }

    private bool IsSnapshotDue()
    {
        var news = Progress.Written - _states.SavedThrough;
        if (news <= 0)
            return false;
        return Volatile.Read(ref _isFull)
            || (news >= _slotsPerSnapshot && Stopwatch.GetTimestamp() >= _restUntilTimestamp);
    }

    private void Save()
    {
        if (_begunTimestamp == 0)
            _begunTimestamp = Stopwatch.GetTimestamp();
        if (!_states.TrySave())
            return;
        var took = Stopwatch.GetTimestamp() - _begunTimestamp;
        Volatile.Write(ref _snapshotTicks, Stopwatch.GetElapsedTime(0, took).Ticks);
        if (!_settings.IsByHand)
            _restUntilTimestamp = Stopwatch.GetTimestamp() + ((ShareOfSnapshots - 1) * took);
        _begunTimestamp = 0;
        Prune();
    }

    /// <summary>Gives up the states, and the slots before them, that are older than what is to be held.</summary>
    private void Prune()
    {
        lock (_gate)
        {
            _saved.Add(_states.SavedThrough);

            // Who reads the files has them for a while; the next state comes to it.
            if (Room.IsHeld)
                return;
            var isFull = Interlocked.Exchange(ref _isFull, false);
            var oldest = isFull ? _saved.Count - 1 : OldestNeeded();
            if (oldest < 0)
                return;
            var pruned = _store.Prune(_saved.Count - oldest, reached: []);
            _saved.RemoveRange(0, oldest);
            if (pruned is { OldestSequence: { } sequence, OldestOrdinal: { } ordinal })
                Room.GiveUp(sequence, ordinal);
        }
    }

    /// <summary>The newest state behind which as many slots are held as are asked for; -1 for none.</summary>
    private int OldestNeeded()
    {
        for (var index = _saved.Count - 1; index >= 0; index--)
        {
            if (_saved[index] <= Progress.Written - _settings.Options.Slots)
                return index;
        }

        return -1;
    }

    /// <summary>All that is held as of now. It stays until what is returned is disposed.</summary>
    private HeldRecording Capture()
    {
        if (Volatile.Read(ref _failure) is { } failure)
            throw new DurabilityException($"There is nothing to dump: {failure}");
        WriteWhatIsPublished();
        lock (_gate)
        {
            Room.Hold();

            // The states first: the slots up to each of them are written then.
            long[] states = [.. _saved];
            var segments = _writer.Segments;
            return new HeldRecording(_files.Files, _files.Directory, segments, states, _writer.End, Room.Release);
        }
    }

    /// <summary>
    /// What was published before is to be among what is captured. Where the thread that writes does not come to it, it
    /// goes without.
    /// </summary>
    private void WriteWhatIsPublished()
    {
        var parts = Processor.RuntimeParts;
        if (HasEnded || parts.Fault.IsFaulted)
            return;
        var inline = parts.Ring as InlineEventRing;
        if (inline is { IsInsideCall: true })
        {
            Services.WriteGathered();
            return;
        }

        if (parts.Status is { NeedsStart: true, IsStarted: false })
            return;

        // Claims that are open count too: what is published behind them is written once they are.
        var last = parts.Ring.Slots.Sequencer.Cursor.Value;
        var begun = Stopwatch.GetTimestamp();
        while (Progress.Written < last && !parts.Fault.IsFaulted && !Services.IsOff
            && Stopwatch.GetElapsedTime(begun).TotalMilliseconds < WrittenMilliseconds)
        {
            inline?.TryDeliverBeside();
            if (Progress.Written < last)
                Thread.Sleep(1);
        }
    }

    private void OnFull()
    {
        Volatile.Write(ref _isFull, true);
        _thread?.Wake();
    }

    private void OnFailed(Exception exception)
    {
        Volatile.Write(ref _failure, $"the recording has failed: {exception.Message}");

        // The one that writes may wait for room, which nobody makes any more.
        Room.Hold();
        _log.OnFailed(exception);
    }
}
