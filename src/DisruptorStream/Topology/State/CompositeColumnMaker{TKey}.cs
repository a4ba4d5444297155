using DisruptorStream.Codecs;
using DisruptorStream.Codecs.Hashing;
using DisruptorStream.Identities;
using DisruptorStream.Ingest.Keys;
using DisruptorStream.Ingest.Streams;
using DisruptorStream.Saving;

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

    public override KeyColumn Load(ReadOnlySpan<byte> records, IReadOnlyList<KeyColumn> before)
    {
        var table = KeyColumn<UInt128>.Load(_maxKeys, KeyCodecs.Require<UInt128>(), records).Keys;
        ThrowUnlessOfParts(table, before);
        return Make(table, before);
    }

    // Combinations are told as the numbers of their parts.
    public override KeyColumnMaker Hashed(KeyHash hash) => this;

    /// <exception cref="StateException">A combination names a part that there is not.</exception>
    private void ThrowUnlessOfParts(KeyTable<UInt128> table, IReadOnlyList<KeyColumn> before)
    {
        for (var id = 0; id < table.IdRange; id++)
        {
            if (!table.TryKeyOf(id, out var composite))
                continue;
            for (var part = 0; part < _parts.Count; part++)
            {
                var partId = CompositeKeys.PartOf(composite, part);
                if (before[_parts[part]].Order.OrdinalOf(partId) < 0)
                    throw IdentityRecord.Damaged($"part {part} of key {id} is key {partId}, and there is none such");
                composite &= ~CompositeKeys.MaskOf([part]);
            }

            if (composite != UInt128.Zero)
                throw IdentityRecord.Damaged($"key {id} has more than {_parts.Count} parts");
        }
    }

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
