using System.Numerics;
using DisruptorStream.State.Memory;

namespace DisruptorStream.State.Slices;

/// <summary>
/// Combines blocks of 2^shift slices in a fixed tree over the absolute slice index: node (level, i) stands for the
/// blocks [i·2^level, (i+1)·2^level). A stretch of blocks is the fold, from left to right, of the few aligned nodes
/// that make it up, and a block is the fold of its slices.
/// </summary>
/// <remarks>
/// The shape depends on the indexes alone, so a result is a pure function of the slices' contents: neither the
/// history nor late updates change a bit of it. Nodes are computed key by key when first asked for and forgotten key
/// by key when a slice below changes. A stretch of n blocks costs O(log n) merges per key, and so does a node's upkeep.
/// </remarks>
internal sealed unsafe class SliceTree
{
    private readonly SortedDeque<KeyedTable> _slices;
    private readonly AggregatePlan _plan;
    private readonly int _shift;
    private readonly Func<KeyedTable> _newTable;
    private readonly Stack<SliceNode> _free = new();
    private readonly SortedDeque<SliceNode>[] _levels;
    private SliceNode? _dropped;

    /// <param name="slices">The slices.</param>
    /// <param name="plan">How records merge.</param>
    /// <param name="blockShift">The binary logarithm of the slices in a block.</param>
    /// <param name="maxSlicesPerWindow">The most slices that one window spans.</param>
    /// <param name="newTable">Makes an empty table.</param>
    public SliceTree(
        SortedDeque<KeyedTable> slices,
        AggregatePlan plan,
        int blockShift,
        long maxSlicesPerWindow,
        Func<KeyedTable> newTable)
    {
        _slices = slices;
        _plan = plan;
        _shift = blockShift;
        _newTable = newTable;
        _levels = new SortedDeque<SliceNode>[BitOperations.Log2((ulong)maxSlicesPerWindow) - blockShift + 1];
        for (var level = 0; level < _levels.Length; level++)
            _levels[level] = new SortedDeque<SliceNode>();
    }

    /// <summary>The slice after the last one that something may have been computed from.</summary>
    public long CoveredEnd { get; private set; } = long.MinValue;

    /// <summary>Every key that has a record in the slices [first, end), which are whole blocks.</summary>
    public void CollectKeys(long first, long end, KeySet keys)
    {
        var endBlock = end >> _shift;
        for (var at = first >> _shift; at < endBlock;)
        {
            var level = AlignedLevel(at, endBlock);
            NodeAt(level, at >> level)?.Present.UnionInto(keys);
            at += 1L << level;
        }
    }

    /// <summary>
    /// Makes a record the fold of the key's records of the slices [first, end), which are whole blocks. Returns false
    /// when it has none.
    /// </summary>
    public bool Fold(long first, long end, int keyId, byte* into)
    {
        var any = false;
        var endBlock = end >> _shift;
        for (var at = first >> _shift; at < endBlock;)
        {
            var level = AlignedLevel(at, endBlock);
            var record = Value(level, at >> level, keyId);
            at += 1L << level;
            if (record == null)
                continue;
            if (!any)
                _plan.Replace(record, into);
            else
                _plan.Merge(into, record);
            any = true;
        }

        return any;
    }

    /// <summary>A record of the slice changed: what was computed from it is forgotten.</summary>
    public void Invalidate(long slice, int keyId)
    {
        for (var level = 0; level < _levels.Length; level++)
        {
            // A missing level ends nothing: a node above may have been built while there was no slice here.
            if (_levels[level].Find(slice >> (_shift + level)) is not { } node)
                continue;
            node.Present.Add(keyId);
            node.Values.Remove(keyId);
        }
    }

    /// <summary>Drops nodes that reach below the slice; true once there are none.</summary>
    /// <param name="slice">The slice.</param>
    /// <param name="budget">How many records to release and pages to give back; what is left of it.</param>
    public bool TryDropBefore(long slice, ref int budget)
    {
        do
        {
            if (_dropped is null)
                continue;
            if (!_dropped.TryClear(ref budget))
                return false;
            _free.Push(_dropped);
        }
        while ((_dropped = RemoveBefore(slice)) is not null);
        return true;
    }

    private SliceNode? RemoveBefore(long slice)
    {
        for (var level = 0; level < _levels.Length; level++)
        {
            var nodes = _levels[level];
            if (nodes.Count > 0 && nodes.KeyAt(0) << (_shift + level) < slice)
                return nodes.RemoveFirst();
        }

        return null;
    }

    private int AlignedLevel(long at, long end)
    {
        var byAlignment = at == 0 ? _levels.Length - 1 : BitOperations.TrailingZeroCount(at);
        var byLength = BitOperations.Log2((ulong)(end - at));
        return Math.Min(Math.Min(byAlignment, byLength), _levels.Length - 1);
    }

    private byte* Value(int level, long index, int keyId)
    {
        var node = NodeAt(level, index);
        if (node is null || !node.Present.Contains(keyId))
            return null;
        var known = node.Values.Find(keyId);
        if (known != null)
            return known;
        if (level == 0)
            return ValueOfBlock(node, index, keyId);
        var left = Value(level - 1, index << 1, keyId);
        var right = Value(level - 1, (index << 1) + 1, keyId);
        if (left == null || right == null)
            return left == null ? right : left;
        var merged = node.Values.GetOrAdd(keyId);
        _plan.Replace(left, merged);
        _plan.Merge(merged, right);
        return merged;
    }

    private byte* ValueOfBlock(SliceNode node, long block, int keyId)
    {
        byte* only = null;
        byte* merged = null;
        var end = (block + 1) << _shift;
        for (var i = _slices.FirstAtOrAfter(block << _shift); i < _slices.Count && _slices.KeyAt(i) < end; i++)
        {
            var record = _slices[i].Find(keyId);
            if (record == null)
                continue;
            if (only == null)
            {
                only = record;
                continue;
            }

            if (merged == null)
            {
                merged = node.Values.GetOrAdd(keyId);
                _plan.Replace(only, merged);
            }

            _plan.Merge(merged, record);
        }

        return merged == null ? only : merged;
    }

    /// <summary>The node, built if it was not; null when no slice below exists.</summary>
    private SliceNode? NodeAt(int level, long index)
    {
        var nodes = _levels[level];
        var place = nodes.IndexOf(index);
        if (place >= 0)
            return nodes[place];
        var shift = _shift + level;
        var end = (index + 1) << shift;
        var next = _slices.FirstAtOrAfter(index << shift);
        if (next == _slices.Count || _slices.KeyAt(next) >= end)
            return null;
        var node = _free.Count > 0 ? _free.Pop() : new SliceNode(_newTable());
        for (; level == 0 && next < _slices.Count && _slices.KeyAt(next) < end; next++)
            _slices[next].UnionInto(node.Present);
        if (level > 0)
        {
            NodeAt(level - 1, index << 1)?.Present.UnionInto(node.Present);
            NodeAt(level - 1, (index << 1) + 1)?.Present.UnionInto(node.Present);
        }

        nodes.Insert(~nodes.IndexOf(index), index, node);
        CoveredEnd = Math.Max(CoveredEnd, end);
        return node;
    }
}
