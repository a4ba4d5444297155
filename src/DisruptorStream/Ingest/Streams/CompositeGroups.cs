using DisruptorStream.Ingest.Keys;
using DisruptorStream.State.Keys;

namespace DisruptorStream.Ingest.Streams;

/// <inheritdoc cref="IKeyGroups"/>
internal sealed class CompositeGroups : IKeyGroups
{
    private readonly KeyTable<UInt128> _table;
    private readonly (int Part, IKeyOrder Order)[] _parts;
    private readonly UInt128 _mask;

    /// <param name="keys">The combinations.</param>
    /// <param name="parts">The parts that make up a group, each with the order of its keys.</param>
    public CompositeGroups(CompositeKeys keys, (int Part, IKeyOrder Order)[] parts)
    {
        _table = keys.Table;
        _parts = parts;
        _mask = CompositeKeys.MaskOf(Array.ConvertAll(parts, part => part.Part));
    }

    public UInt128 GroupOf(int keyId) => _table.KeyOf(keyId) & _mask;

    public int Compare(UInt128 left, UInt128 right)
    {
        foreach (var (part, order) in _parts)
        {
            var (first, second) = (CompositeKeys.PartOf(left, part), CompositeKeys.PartOf(right, part));
            if (first != second)
                return order.OrdinalOf(first).CompareTo(order.OrdinalOf(second));
        }

        return 0;
    }
}
