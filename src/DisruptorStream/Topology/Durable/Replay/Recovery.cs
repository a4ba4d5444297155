using DisruptorStream.Durability;
using DisruptorStream.Durability.Journal;
using DisruptorStream.Durability.Snapshots;
using DisruptorStream.Topology.Queries;

namespace DisruptorStream.Topology.Durable.Replay;

/// <summary>
/// Handles again what lies behind a snapshot, hands the sinks what they do not hold, and saves the state as it is then.
/// </summary>
internal sealed class Recovery
{
    private const int FramesPerReport = 1024;

    private readonly DurableSettings _settings;
    private readonly DurableEngines _engines;
    private readonly SnapshotStore _store;
    private readonly List<string> _remarks;
    private ReplayEngine? _engine;

    /// <param name="settings">Where and how.</param>
    /// <param name="engines">Makes the engine.</param>
    /// <param name="store">The snapshots.</param>
    /// <param name="remarks">Where it tells what is not as it should be, and did no harm.</param>
    public Recovery(
        DurableSettings settings, DurableEngines engines, SnapshotStore store, List<string> remarks)
    {
        _settings = settings;
        _engines = engines;
        _store = store;
        _remarks = remarks;
    }

    /// <param name="contents">The journal.</param>
    /// <param name="snapshot">The mark and the state that it begins with; null to begin with the first slot.</param>
    /// <param name="deliveries">Make the ways of the results.</param>
    /// <param name="durable">The plan.</param>
    /// <exception cref="DurabilityException">The input of the stream has ended.</exception>
    public Replayed Run(
        JournalContents contents, Stream? snapshot, IReadOnlyList<DeliveryMaker> deliveries, DurablePlan durable)
    {
        using var replay = _engines.NewReplay(contents, deliveries, snapshot, positions: []);
        var engine = replay.Engine;
        _engine = engine;
        var first = engine.Sequence;
        while (replay.TryStep(FramesPerReport))
            Report(engine.Sequence - first, contents.LastSequence - first);
        replay.Finish();
        Report(engine.Sequence - first, engine.Sequence - first);
        engine.Drain();
        if (engine.HasEnded)
        {
            throw new DurabilityException(
                $"The input of the stream in '{_settings.Directory}' has ended: it was stopped with StopMode.Complete, "
                + "and all its results are out; choose another directory, and stop with StopMode.Suspend what is to go "
                + "on later.");
        }

        engine.Restart();
        var arrived = engine.Arrived();
        var info = durable.InfoOf(engine, arrived, replay.Ordinal);
        return new Replayed(engine.Sequence, engine.Sequence - first, arrived, Save(replay, info));
    }

    /// <summary>Nothing follows on it: sinks that it has started get their last call.</summary>
    /// <param name="failure">Why.</param>
    public void EndSinks(Exception failure) => _engine?.EndSinks(failure);

    private void Report(long done, long all) =>
        _settings.Options.Progress?.Report(new RecoveryProgress(done, Math.Max(done, all)));

    /// <summary>Makes a snapshot of the state; where the disk does not take it, the state is kept in memory.</summary>
    private Func<Stream> Save(JournalReplay replay, SnapshotInfo info)
    {
        // Before the first slot there is nothing to save, but what was told already of sources and the like counts.
        if (info.Sequence < 0)
            return SaveInMemory(replay, info);
        try
        {
            _store.Write(info, stream => replay.Save(stream, info.Plan));
            return () => _store.Open(info.Sequence, out _, isChecked: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            _remarks.Add($"The state could not be saved: {failure.Message}");
            return SaveInMemory(replay, info);
        }
    }

    private static Func<Stream> SaveInMemory(JournalReplay replay, SnapshotInfo info)
    {
        var memory = new MemoryStream();
        replay.Save(memory, info.Plan);
        var bytes = memory.ToArray();
        return () => new MemoryStream(bytes, writable: false);
    }
}
