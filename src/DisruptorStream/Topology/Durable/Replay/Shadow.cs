using DisruptorStream.Durability.Snapshots;
using DisruptorStream.Pipeline.Durable;

namespace DisruptorStream.Topology.Durable.Replay;

/// <summary>
/// A second processor in the same process that follows the journal, and takes the snapshots: a recovery that never
/// ends.
/// </summary>
/// <remarks>
/// One caller at a time. It reads what is durable only, so that what it saves is a prefix of the journal.
/// </remarks>
internal sealed class Shadow : ISnapshotTaker
{
    private readonly JournalReplay _replay;
    private readonly ReplayEngine _engine;
    private readonly SnapshotStore _store;
    private readonly DurablePlan _plan;

    /// <param name="replay">Reads the journal, and has the engine handle it.</param>
    /// <param name="store">Where snapshots go.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="saved">The last slot of the newest snapshot; -1 for none.</param>
    public Shadow(JournalReplay replay, SnapshotStore store, DurablePlan plan, long saved)
    {
        _replay = replay;
        _engine = replay.Engine;
        _store = store;
        _plan = plan;
        SavedThrough = saved;
    }

    public string Name => "The shadow";

    public bool IsUnderWay => false;

    public IReadOnlyList<long> Positions => _replay.Positions;

    public long Sequence => _engine.Sequence;

    public long SavedThrough { get => Volatile.Read(ref field); private set => Volatile.Write(ref field, value); }

    public bool HasEnded => _engine.HasEnded;

    public bool HasNews => _engine.Sequence > SavedThrough;

    public void Start(ProcessorParts parts, DurableProgress progress, JournalRoom room, Action askForSync)
    {
    }

    public bool Step(int frames) => _replay.TryStep(frames);

    public bool TrySave()
    {
        // Slots may be half handled.
        if (!_replay.IsAtRest)
            return false;
        var info = _plan.InfoOf(_engine, _replay.Positions, _replay.Ordinal);
        _store.Write(info, stream => _replay.Save(stream, info.Plan));
        SavedThrough = info.Sequence;
        return true;
    }

    public void Finish()
    {
        while (_replay.TryStep())
        {
        }

        _replay.Finish();
    }

    public void Dispose() => _replay.Dispose();
}
