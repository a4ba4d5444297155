using DisruptorStream.Codecs;
using DisruptorStream.Identities;
using DisruptorStream.Ingest.Keys;
using DisruptorStream.Ingest.Keys.Entries;

namespace DisruptorStream.Ingest.Replay;

/// <inheritdoc cref="KeyReplayer"/>
internal sealed class KeyReplayer<TKey> : KeyReplayer
    where TKey : notnull
{
    private readonly IKeyCodec<TKey> _codec;

    // Derived, and only where somebody asks by key.
    private Dictionary<TKey, int>? _ids;

    /// <param name="keys">The keys so far: none, or those of a loaded state.</param>
    /// <param name="codec">Reads the keys.</param>
    public KeyReplayer(KeyDirectory<TKey> keys, IKeyCodec<TKey> codec)
    {
        Keys = keys;
        _codec = codec;
    }

    /// <summary>The keys as of the next slot.</summary>
    public KeyDirectory<TKey> Keys { get; }

    public override int IdRange => Keys.IdRange;

    public override void ThrowUnlessWhole() => Keys.ThrowUnlessWhole();

    public override int IdOf(object table, int keyId) =>
        ((KeyTable<TKey>)table).TryKeyOf(keyId, out var key) ? IdOf(key) : -1;

    /// <summary>The id of a key as of the next slot; below 0 where there is none.</summary>
    public int IdOf(TKey key) => (_ids ??= FindAll()).TryGetValue(key, out var id) ? id : -1;

    protected override void Apply(in IdentityRecord record)
    {
        Keys.Apply(record, _codec);
        if (record.Kind == IdentityKind.KeyDefined && _ids is not null)
            _ids[Keys.KeyOf(record.Number)] = record.Number;
        else if (record.Kind == IdentityKind.KeyRetired)
            Forget(record.Number);
    }

    protected override void Retire(int keyId)
    {
        Keys.Retire(keyId);
        Forget(keyId);
    }

    protected override void ReleaseRetired() => Keys.ReleaseRetired();

    private Dictionary<TKey, int> FindAll()
    {
        var ids = new Dictionary<TKey, int>();
        for (var id = 0; id < Keys.IdRange; id++)
        {
            if (Keys.EntryAt(id).TryReadLive(out var key))
                ids[key] = id;
        }

        return ids;
    }

    private void Forget(int keyId)
    {
        Retirements++;
        if (_ids is not null && Keys.TryKeyOf(keyId, out var key) && _ids.TryGetValue(key, out var known)
            && known == keyId)
        {
            _ids.Remove(key);
        }
    }
}
