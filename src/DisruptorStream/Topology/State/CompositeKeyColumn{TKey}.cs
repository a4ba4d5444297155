using System.Buffers;
using DisruptorStream.Codecs;
using DisruptorStream.Identities;
using DisruptorStream.Ingest.Replay;
using DisruptorStream.Ingest.Streams;
using DisruptorStream.State;
using DisruptorStream.State.Keys;

namespace DisruptorStream.Topology.State;

/// <summary>Keys that are made of those of other columns.</summary>
internal sealed class CompositeKeyColumn<TKey> : KeyColumn
    where TKey : notnull
{
    private readonly IKeySource<TKey> _source;

    /// <param name="composites">The combinations.</param>
    /// <param name="source">Puts the keys together.</param>
    /// <param name="hasCodec">Whether the keys of all parts have a codec.</param>
    public CompositeKeyColumn(CompositeKeys composites, IKeySource<TKey> source, bool hasCodec)
    {
        Composites = composites;
        _source = source;
        HasCodec = hasCodec;
    }

    public override CompositeKeys Composites { get; }

    public override object Table => Composites.Table;

    public override IKeyLifetime Lifetime => Composites.Table;

    public override IKeyOrder Order => Composites.Table;

    public override int Count => Composites.Table.Count;

    public override bool HasCodec { get; }

    public override IKeySource<TSource> SourceOf<TSource>() => (IKeySource<TSource>)_source;

    public override void Release(int keyId) => Composites.Release(keyId);

    public override void Attach(SideLog log, int column, long goesOnFrom) =>
        Composites.Table.Attach(log, KeyCodecs.Require<UInt128>(), column, goesOnFrom);

    public override KeyReplayer NewReplayer() =>
        new KeyReplayer<UInt128>(Composites.Table.Directory, KeyCodecs.Require<UInt128>());

    public override void Save(IBufferWriter<byte> output) =>
        Composites.Table.Save(output, KeyCodecs.Require<UInt128>());
}
