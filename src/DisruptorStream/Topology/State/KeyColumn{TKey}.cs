using System.Buffers;
using DisruptorStream.Codecs;
using DisruptorStream.Identities;
using DisruptorStream.Ingest.Keys;
using DisruptorStream.Ingest.Keys.Entries;
using DisruptorStream.Ingest.Replay;
using DisruptorStream.State;
using DisruptorStream.State.Keys;

namespace DisruptorStream.Topology.State;

/// <inheritdoc cref="KeyColumn"/>
internal sealed class KeyColumn<TKey> : KeyColumn
    where TKey : notnull
{
    private readonly IKeyCodec<TKey>? _codec;

    /// <param name="table">The keys.</param>
    /// <param name="codec">Writes and reads the keys; null for the one that their type has.</param>
    public KeyColumn(KeyTable<TKey> table, IKeyCodec<TKey>? codec)
    {
        Keys = table;
        _codec = codec;
    }

    /// <summary>The keys.</summary>
    public KeyTable<TKey> Keys { get; }

    public override object Table => Keys;

    public override IKeyLifetime Lifetime => Keys;

    public override IKeyOrder Order => Keys;

    public override int Count => Keys.Count;

    public override bool HasCodec => _codec is not null || KeyCodecs.Find<TKey>() is not null;

    /// <summary>The codec of the keys.</summary>
    /// <exception cref="NotSupportedException">They have none; the message says why.</exception>
    private IKeyCodec<TKey> Codec => _codec ?? KeyCodecs.Require<TKey>();

    public override IKeySource<TSource> SourceOf<TSource>() => (IKeySource<TSource>)(object)Keys;

    public override void Release(int keyId) => Keys.Release(keyId);

    public override void Attach(SideLog log, int column, long goesOnFrom) =>
        Keys.Attach(log, Codec, column, goesOnFrom);

    public override KeyReplayer NewReplayer() => new KeyReplayer<TKey>(Keys.Directory, Codec);

    public override void Save(IBufferWriter<byte> output) => Keys.Save(output, Codec);

    /// <summary>Makes one of what was saved.</summary>
    /// <exception cref="DisruptorStream.Saving.StateException">It cannot have been saved.</exception>
    /// <exception cref="NotSupportedException">The keys have no codec.</exception>
    public static KeyColumn<TKey> Load(int maxKeys, IKeyCodec<TKey>? codec, ReadOnlySpan<byte> records)
    {
        var keys = new KeyDirectory<TKey>(maxKeys);
        var reads = codec ?? KeyCodecs.Require<TKey>();
        while (!records.IsEmpty)
            keys.Apply(IdentityRecord.Read(ref records), reads);
        keys.ThrowUnlessWhole();
        return new KeyColumn<TKey>(new KeyTable<TKey>(keys), codec);
    }
}
