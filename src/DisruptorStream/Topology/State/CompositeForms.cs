using DisruptorStream.Ingest.Keys;
using DisruptorStream.Ingest.Streams;
using DisruptorStream.State;

namespace DisruptorStream.Topology.State;

/// <summary>Keys of two, three and four parts, as tuples.</summary>
internal static class CompositeForms
{
    public sealed class Pair<T1, T2> : CompositeForm<(T1, T2)>
        where T1 : notnull
        where T2 : notnull
    {
        public override IKeySource<(T1, T2)> SourceOf(KeyTable<UInt128> table, IReadOnlyList<KeyColumn> parts)
        {
            var (first, second) = (parts[0].SourceOf<T1>(), parts[1].SourceOf<T2>());
            return new Source<(T1, T2)>(table, ids => (
                first.KeyOf(CompositeKeys.PartOf(ids, 0)), second.KeyOf(CompositeKeys.PartOf(ids, 1))));
        }
    }

    public sealed class Triple<T1, T2, T3> : CompositeForm<(T1, T2, T3)>
        where T1 : notnull
        where T2 : notnull
        where T3 : notnull
    {
        public override IKeySource<(T1, T2, T3)> SourceOf(KeyTable<UInt128> table, IReadOnlyList<KeyColumn> parts)
        {
            var (first, second) = (parts[0].SourceOf<T1>(), parts[1].SourceOf<T2>());
            var third = parts[2].SourceOf<T3>();
            return new Source<(T1, T2, T3)>(table, ids => (
                first.KeyOf(CompositeKeys.PartOf(ids, 0)),
                second.KeyOf(CompositeKeys.PartOf(ids, 1)),
                third.KeyOf(CompositeKeys.PartOf(ids, 2))));
        }
    }

    public sealed class Quadruple<T1, T2, T3, T4> : CompositeForm<(T1, T2, T3, T4)>
        where T1 : notnull
        where T2 : notnull
        where T3 : notnull
        where T4 : notnull
    {
        public override IKeySource<(T1, T2, T3, T4)> SourceOf(
            KeyTable<UInt128> table, IReadOnlyList<KeyColumn> parts)
        {
            var (first, second) = (parts[0].SourceOf<T1>(), parts[1].SourceOf<T2>());
            var (third, fourth) = (parts[2].SourceOf<T3>(), parts[3].SourceOf<T4>());
            return new Source<(T1, T2, T3, T4)>(table, ids => (
                first.KeyOf(CompositeKeys.PartOf(ids, 0)),
                second.KeyOf(CompositeKeys.PartOf(ids, 1)),
                third.KeyOf(CompositeKeys.PartOf(ids, 2)),
                fourth.KeyOf(CompositeKeys.PartOf(ids, 3))));
        }
    }

    private sealed class Source<TKey> : IKeySource<TKey>
    {
        private readonly KeyTable<UInt128> _table;
        private readonly Func<UInt128, TKey> _keyOf;

        public Source(KeyTable<UInt128> table, Func<UInt128, TKey> keyOf)
        {
            _table = table;
            _keyOf = keyOf;
        }

        public TKey KeyOf(int keyId) => _keyOf(_table.KeyOf(keyId));

        public void CopyKeys(ReadOnlySpan<int> keyIds, Span<TKey> keys)
        {
            for (var index = 0; index < keyIds.Length; index++)
                keys[index] = KeyOf(keyIds[index]);
        }
    }
}
