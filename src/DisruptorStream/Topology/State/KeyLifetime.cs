using DisruptorStream.Ingest.Keys;
using DisruptorStream.Pipeline;

namespace DisruptorStream.Topology.State;

/// <summary>Shows the shards the part of the key table that does not need the type of the keys.</summary>
internal sealed class KeyLifetime<TKey> : IKeyLifetime
    where TKey : notnull
{
    private readonly KeyTable<TKey> _keys;

    public KeyLifetime(KeyTable<TKey> keys) => _keys = keys;

    public int IdRange => _keys.IdRange;

    public bool TryMarkRetiring(int keyId) => _keys.TryMarkRetiring(keyId);

    public bool TryRetire(int keyId, long sequence, bool isHeld) => _keys.TryRetire(keyId, sequence, isHeld);
}
