using DisruptorStream.Codecs;
using DisruptorStream.Ingest.Keys;
using DisruptorStream.Ingest.Streams;

namespace DisruptorStream.Topology.State;

/// <summary>Makes keys that are made of others.</summary>
internal sealed class CompositeColumnMaker<TKey> : KeyColumnMaker
    where TKey : notnull
{
    private readonly int _maxKeys;
    private readonly IReadOnlyList<int> _parts;
    private readonly CompositeForm<TKey> _form;

    /// <param name="maxKeys">Keys at a time.</param>
    /// <param name="parts">The columns of the parts, all before this one.</param>
    /// <param name="form">Puts keys together.</param>
    public CompositeColumnMaker(int maxKeys, IReadOnlyList<int> parts, CompositeForm<TKey> form)
    {
        _maxKeys = maxKeys;
        _parts = parts;
        _form = form;
    }

    public override KeyColumn New(IReadOnlyList<KeyColumn> before) => Make(new KeyTable<UInt128>(_maxKeys), before);

    public override KeyColumn Load(ReadOnlySpan<byte> records, IReadOnlyList<KeyColumn> before) =>
        Make(KeyColumn<UInt128>.Load(_maxKeys, KeyCodecs.Require<UInt128>(), records).Keys, before);

    private CompositeKeyColumn<TKey> Make(KeyTable<UInt128> table, IReadOnlyList<KeyColumn> before)
    {
        var parts = new KeyColumn[_parts.Count];
        for (var part = 0; part < parts.Length; part++)
            parts[part] = before[_parts[part]];
        return new CompositeKeyColumn<TKey>(
            new CompositeKeys(table, parts.Length),
            _form.SourceOf(table, parts),
            Array.TrueForAll(parts, part => part.HasCodec));
    }
}
