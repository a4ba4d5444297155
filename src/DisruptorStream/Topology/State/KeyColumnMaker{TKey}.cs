using DisruptorStream.Codecs;
using DisruptorStream.Codecs.Hashing;
using DisruptorStream.Ingest.Keys;

namespace DisruptorStream.Topology.State;

/// <inheritdoc cref="KeyColumnMaker"/>
internal sealed class KeyColumnMaker<TKey> : KeyColumnMaker
    where TKey : notnull
{
    private readonly int _maxKeys;
    private readonly IKeyCodec<TKey>? _codec;

    /// <param name="maxKeys">Keys at a time.</param>
    /// <param name="codec">Writes and reads the keys; null for the one that their type has.</param>
    public KeyColumnMaker(int maxKeys, IKeyCodec<TKey>? codec)
    {
        _maxKeys = maxKeys;
        _codec = codec;
    }

    public override KeyColumn New(IReadOnlyList<KeyColumn> before) =>
        new KeyColumn<TKey>(new KeyTable<TKey>(_maxKeys), _codec);

    public override KeyColumn Load(ReadOnlySpan<byte> records, IReadOnlyList<KeyColumn> before) =>
        KeyColumn<TKey>.Load(_maxKeys, _codec, records);

    public override KeyColumnMaker? Hashed(KeyHash hash) =>
        hash.Over(_codec ?? KeyCodecs.Require<TKey>()) is { } hashing
            ? new KeyColumnMaker<TKey>(_maxKeys, hashing)
            : null;
}
