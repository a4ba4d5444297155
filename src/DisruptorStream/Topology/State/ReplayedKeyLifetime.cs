using DisruptorStream.Identities;
using DisruptorStream.Ingest.Replay;

namespace DisruptorStream.Topology.State;

/// <summary>
/// Retires keys as the records of a replay say. It decides nothing: marks and pins are those of a process that is gone.
/// </summary>
internal sealed class ReplayedKeyLifetime<TKey> : IKeyLifetime
    where TKey : notnull
{
    private readonly SideLogReplayer<TKey> _replayer;

    public ReplayedKeyLifetime(SideLogReplayer<TKey> replayer) => _replayer = replayer;

    public int IdRange => _replayer.Keys.IdRange;

    public bool TryMarkRetiring(int keyId) => false;

    public bool TryRetire(int keyId, long sequence, bool isHeld = false) =>
        _replayer.TakeOutcome(keyId, sequence, isHeld);
}
