using DisruptorStream.State.Memory;

namespace DisruptorStream.State.Slices;

/// <summary>An inner node of the slice tree: 2^level slices, starting at a multiple of that.</summary>
internal sealed class SliceNode
{
    public SliceNode(KeyedTable values) => Values = values;

    public KeySet Present { get; } = new();

    /// <summary>Merged records, for the keys that have been asked for and that both children have.</summary>
    public KeyedTable Values { get; }

    public void Clear()
    {
        Present.Clear();
        Values.Clear();
    }
}
