using DisruptorStream.Codecs;
using DisruptorStream.Identities;
using DisruptorStream.Ingest.Keys.Entries;

namespace DisruptorStream.Ingest.Replay;

/// <inheritdoc cref="KeyReplayer"/>
internal sealed class KeyReplayer<TKey> : KeyReplayer
    where TKey : notnull
{
    private readonly IKeyCodec<TKey> _codec;

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

    protected override void Apply(in IdentityRecord record) => Keys.Apply(record, _codec);

    protected override void Retire(int keyId) => Keys.Retire(keyId);

    protected override void ReleaseRetired() => Keys.ReleaseRetired();
}
