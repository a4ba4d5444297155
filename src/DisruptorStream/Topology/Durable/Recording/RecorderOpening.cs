using DisruptorStream.Codecs.Hashing;
using DisruptorStream.Durability;
using DisruptorStream.Durability.Files;
using DisruptorStream.Durability.Journal;
using DisruptorStream.Durability.Journal.Writing;
using DisruptorStream.Durability.Recording.Files;
using DisruptorStream.Durability.Snapshots;
using DisruptorStream.Pipeline.Durable;
using DisruptorStream.Plans;
using DisruptorStream.Plans.Recording;
using DisruptorStream.Topology.Durable.Copying;
using DisruptorStream.Topology.Durable.Opening;
using DisruptorStream.Topology.Durable.Replay;
using DisruptorStream.Topology.Queries;
using DisruptorStream.Topology.State;

namespace DisruptorStream.Topology.Durable.Recording;

/// <summary>Builds a processor with a flight recorder.</summary>
internal sealed class RecorderOpening
{
    private const string LockName = "lock";
    private const string PreviousName = "previous";

    private readonly RecorderSettings _settings;
    private readonly ProcessorPlan _plan;
    private readonly ProcessorServices _services;
    private readonly IReadOnlyList<KeyColumnMaker> _keys;

    /// <param name="settings">What is kept, and when it is dumped.</param>
    /// <param name="plan">What the processor is.</param>
    /// <param name="services">What its host gives.</param>
    /// <param name="keys">Make the keys, in the order of the plan.</param>
    /// <exception cref="ArgumentException">A trigger looks at what is not measured.</exception>
    public RecorderOpening(
        RecorderSettings settings,
        ProcessorPlan plan,
        ProcessorServices services,
        IReadOnlyList<KeyColumnMaker> keys)
    {
        if (settings.Options.OnLatency is not null && !services.MeasuresLatency)
        {
            throw new ArgumentException(
                "OnLatency of the flight recorder is set and MeasureLatency is not: nothing would ever dump; set "
                + "MeasureLatency, or leave OnLatency out.",
                nameof(settings));
        }

        _settings = settings;
        _plan = plan;
        _services = services;
        _keys = keys;
    }

    /// <param name="deliveries">Make the ways of the results, in the order of the plan's queries.</param>
    /// <exception cref="ArgumentException">The settings do not go together.</exception>
    /// <exception cref="DurabilityException">Another owner has the directory, or it cannot be written.</exception>
    /// <exception cref="NotSupportedException">The keys have no codec.</exception>
    public ProcessorParts Open(IReadOnlyList<DeliveryMaker> deliveries)
    {
        var hash = _settings.Options.HashKeys ? KeyHashing.Of(_settings.Options.HashSecret) : null;
        var keys = hash is null ? _keys : KeyHashing.KeysOf(_plan, _keys, hash);
        IFileSystem files = _settings.Directory is null
            ? new MemoryFileSystem()
            : new NoSyncFileSystem(_settings.Disk);
        var durable = _settings.ToDurable(files);
        var hold = Take(durable);
        try
        {
            return Build(durable, hold, keys, hash, deliveries);
        }
        catch (Exception exception)
        {
            hold?.Dispose();
            if (exception is IOException or UnauthorizedAccessException or JournalException)
                throw CannotBeUsed(exception);
            throw;
        }
    }

    private ProcessorParts Build(
        DurableSettings settings,
        IDisposable? hold,
        IReadOnlyList<KeyColumnMaker> keys,
        KeyHash? hash,
        IReadOnlyList<DeliveryMaker> deliveries)
    {
        var contents = JournalContents.Open(settings.Files, settings.Directory);
        var plan = new DurablePlan(
            _plan, PlanRecorder.Record(_plan), settings.NewStreamId(), _services.TimeProvider);
        var quiet = _services with { Histograms = null };
        var writer = JournalBeginning.Begin(settings, contents, plan, nextSequence: 0, quiet);
        try
        {
            // Names are read from the recording, where they are hashed already.
            var read = hash is null ? _plan : KeyHashing.WithOwnSymbols(_plan);
            var engines = new DurableEngines(read, _services, _keys, settings.Files);
            var store = new SnapshotStore(settings.Files, settings.Directory);
            var taker = new StateCopier(
                engines, plan, writer.DurableSegments, store, settings, Replayed.Nothing);
            var log = new RecorderLog(_services.Logger, _plan.Name);
            var dumps = new RecordingDumps(_settings, _plan.Name, _services.TimeProvider, log);
            var session = new RecorderSession(_settings, settings, writer, store, taker, dumps, hold, log);
            var parts = ProcessorTopology.Build(
                _plan, _services with { Journal = JournalOf(session, writer, hash) }, keys, deliveries, state: null);
            session.Start(parts);
            return parts with { Recorder = session };
        }
        catch
        {
            writer.Dispose();
            throw;
        }
    }

    private static JournalServices JournalOf(RecorderSession session, JournalWriter writer, KeyHash? hash) => new()
    {
        Writer = writer,
        Progress = session.Progress,
        Room = session.Room,
        Syncs = false,
        CopiesState = true,
        Reseats = false,
        GoesOnFrom = -1,
        OnEnd = _ => session.EndAsync(),
        SymbolHash = hash,
        Recording = session.Services,
    };

    private IDisposable? Take(DurableSettings settings)
    {
        if (_settings.Directory is not { } directory)
            return null;
        IDisposable? hold = null;
        try
        {
            settings.Files.CreateDirectory(directory);
            hold = settings.Files.TryLock(Path.Combine(directory, LockName)) ?? throw new DurabilityException(
                $"The directory '{directory}' of the flight recorder is in use by another processor, in this process "
                + "or another one; choose another directory.");
            KeepPrevious(settings.Files, directory);
            return hold;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            hold?.Dispose();
            throw CannotBeUsed(exception);
        }
    }

    private DurabilityException CannotBeUsed(Exception exception) => new(
        $"The flight recorder of '{_plan.Name}' cannot use '{_settings.Directory ?? "the memory"}': "
        + $"{exception.Message.TrimEnd('.')}. Choose another directory, or see to it that this process may write there "
        + "and that there is room.",
        exception);

    /// <summary>What another process has recorded may be just what is looked for.</summary>
    private static void KeepPrevious(IFileSystem files, string directory)
    {
        var found = files.List(directory);
        if (found.Count <= 1)
            return;
        var previous = Path.Combine(directory, PreviousName);
        files.CreateDirectory(previous);
        foreach (var name in files.List(previous))
            files.Delete(Path.Combine(previous, name));
        foreach (var name in found)
        {
            if (!string.Equals(name, LockName, StringComparison.Ordinal))
                files.Rename(Path.Combine(directory, name), Path.Combine(previous, name));
        }
    }
}
