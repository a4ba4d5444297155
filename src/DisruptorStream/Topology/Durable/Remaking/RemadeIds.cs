using DisruptorStream.Events;
using DisruptorStream.Ingest.Replay;
using DisruptorStream.Ingest.Streams;
using DisruptorStream.Topology.State;

namespace DisruptorStream.Topology.Durable.Remaking;

/// <summary>Which ids the keys of one ledger have in what is handled again, as of the next slot.</summary>
internal sealed class RemadeIds
{
    private const int Unknown = int.MinValue;

    private readonly Ledger _ledger;
    private readonly SideLogReplayer _identities;
    private readonly int[][] _known;
    private readonly long[] _retirements;

    /// <param name="ledger">Whose ids are to be replaced.</param>
    /// <param name="identities">Know the others.</param>
    public RemadeIds(Ledger ledger, SideLogReplayer identities)
    {
        _ledger = ledger;
        _identities = identities;
        _known = new int[ledger.Columns.Count][];
        Array.Fill(_known, []);
        _retirements = new long[_known.Length];
    }

    /// <summary>Replaces the ids in slots.</summary>
    public void Replace(in EventView slots, in SlotLayout layout)
    {
        for (var column = 0; column < _known.Length; column++)
        {
            ForgetRetired(column);
            for (var index = 0; index < slots.Count; index++)
            {
                var id = layout.KeyOf(slots, index, column);
                layout.SetKey(slots, index, column, IdOf(column, id));
            }
        }
    }

    private int IdOf(int column, int id)
    {
        if (id < 0)
            return id;
        ref var known = ref _known[column];
        if (id >= known.Length)
        {
            var before = known.Length;
            Array.Resize(ref known, Math.Max(64, Math.Max(id + 1, 2 * before)));
            Array.Fill(known, Unknown, before, known.Length - before);
        }

        // Only what was found: a key that has no id yet gets one later.
        if (known[id] >= 0)
            return known[id];
        return known[id] = Find(column, id);
    }

    private int Find(int column, int id)
    {
        var keys = _identities.Columns[column];
        if (_ledger.Columns[column].Composites is not { } composites)
            return keys.IdOf(_ledger.Columns[column].Table, id);
        var parts = _ledger.Parts[column];
        Span<int> ids = stackalloc int[parts.Count];
        var composite = composites.Table.KeyOf(id);
        for (var part = 0; part < ids.Length; part++)
        {
            ids[part] = IdOf(parts[part], CompositeKeys.PartOf(composite, part));
            if (ids[part] < 0)
                return Unknown;
        }

        return ((KeyReplayer<UInt128>)keys).IdOf(CompositeKeys.Combine(ids));
    }

    private void ForgetRetired(int column)
    {
        var retirements = _identities.Columns[column].Retirements;
        if (retirements == _retirements[column])
            return;
        _retirements[column] = retirements;
        Array.Fill(_known[column], Unknown);
    }
}
