using DisruptorStream.State.Memory;

namespace DisruptorStream.State.Slices;

/// <summary>An inner node of the slice tree: 2^level slices, starting at a multiple of that.</summary>
internal sealed class SliceNode
{
    public SliceNode(KeyedTable values) => Values = values;

    public KeySet Present { get; } = new();

    /// <summary>Merged records, for the keys that have been asked for and that both children have.</summary>
    public KeyedTable Values { get; }

    /// <summary>Forgets all, a part at a time; true once it is done.</summary>
    public bool TryClear(ref int budget)
    {
        if (!Values.TryClear(ref budget))
            return false;
        Present.Clear();
        return true;
    }
}
