using System.Numerics;
using DisruptorStream.State.Memory;

namespace DisruptorStream.State.Slices;

/// <summary>
/// Combines slices in a fixed tree over the absolute slice index: node (level, i) stands for the slices
/// [i·2^level, (i+1)·2^level). A window is the fold, from left to right, of the few aligned nodes that make it up.
/// </summary>
/// <remarks>
/// The shape depends on the indexes alone, so a result is a pure function of the slices' contents: neither the
/// history nor late updates change a bit of it. Nodes are computed key by key when first asked for and forgotten key
/// by key when a slice below changes. A firing of n slices costs O(log n) merges per key, and so does a node's
/// upkeep.
/// </remarks>
internal sealed unsafe class SliceTree
{
    private readonly SortedDeque<KeyedTable> _slices;
    private readonly AggregatePlan _plan;
    private readonly Func<KeyedTable> _newTable;
    private readonly Stack<SliceNode> _free = new();
    private readonly SortedDeque<SliceNode>[] _levels;
    private long _coveredEnd = long.MinValue;

    /// <param name="slices">The leaves.</param>
    /// <param name="plan">How records merge.</param>
    /// <param name="maxSlicesPerWindow">The most slices that one window spans.</param>
    /// <param name="newTable">Makes an empty table.</param>
    public SliceTree(
        SortedDeque<KeyedTable> slices, AggregatePlan plan, long maxSlicesPerWindow, Func<KeyedTable> newTable)
    {
        _slices = slices;
        _plan = plan;
        _newTable = newTable;
        _levels = new SortedDeque<SliceNode>[BitOperations.Log2((ulong)maxSlicesPerWindow) + 1];
        for (var level = 1; level < _levels.Length; level++)
            _levels[level] = new SortedDeque<SliceNode>();
    }

    /// <summary>Every key that has a record in the slices [first, end).</summary>
    public void CollectKeys(long first, long end, KeySet keys)
    {
        for (var at = first; at < end;)
        {
            var level = AlignedLevel(at, end);
            CollectKeys(level, at >> level, keys);
            at += 1L << level;
        }
    }

    /// <summary>
    /// Makes a record the fold of the key's records of the slices [first, end). Returns false when it has none.
    /// </summary>
    public bool Fold(long first, long end, int keyId, byte* into)
    {
        var any = false;
        for (var at = first; at < end;)
        {
            var level = AlignedLevel(at, end);
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

    /// <summary>Whether the key has a record in the slices [first, end).</summary>
    public bool Holds(long first, long end, int keyId)
    {
        for (var i = _slices.FirstAtOrAfter(first); i < _slices.Count && _slices.KeyAt(i) < end; i++)
        {
            if (_slices[i].Contains(keyId))
                return true;
        }

        return false;
    }

    /// <summary>A record of the slice changed: what was computed from it is forgotten.</summary>
    public void Invalidate(long slice, int keyId)
    {
        for (var level = 1; level < _levels.Length; level++)
        {
            // A missing level ends nothing: a node above may have been built while there was no slice here.
            if (_levels[level].Find(slice >> level) is not { } node)
                continue;
            node.Present.Add(keyId);
            node.Values.Remove(keyId);
        }
    }

    /// <summary>Whether something may have been computed from the slice.</summary>
    public bool MayCover(long slice) => slice < _coveredEnd;

    /// <summary>Drops every node that reaches below the slice.</summary>
    public void DropBefore(long slice)
    {
        for (var level = 1; level < _levels.Length; level++)
        {
            var nodes = _levels[level];
            while (nodes.Count > 0 && nodes.KeyAt(0) << level < slice)
            {
                var node = nodes.RemoveFirst();
                node.Clear();
                _free.Push(node);
            }
        }
    }

    private int AlignedLevel(long at, long end)
    {
        var byAlignment = at == 0 ? _levels.Length - 1 : BitOperations.TrailingZeroCount(at);
        var byLength = BitOperations.Log2((ulong)(end - at));
        return Math.Min(Math.Min(byAlignment, byLength), _levels.Length - 1);
    }

    private void CollectKeys(int level, long index, KeySet keys)
    {
        if (level == 0)
            _slices.Find(index)?.UnionInto(keys);
        else
            NodeAt(level, index)?.Present.UnionInto(keys);
    }

    private byte* Value(int level, long index, int keyId)
    {
        if (level == 0)
        {
            var slice = _slices.Find(index);
            return slice is null ? null : slice.Find(keyId);
        }

        var node = NodeAt(level, index);
        if (node is null || !node.Present.Contains(keyId))
            return null;
        var known = node.Values.Find(keyId);
        if (known != null)
            return known;
        var left = Value(level - 1, index << 1, keyId);
        var right = Value(level - 1, (index << 1) + 1, keyId);
        if (left == null || right == null)
            return left == null ? right : left;
        var merged = node.Values.GetOrAdd(keyId);
        _plan.Replace(left, merged);
        _plan.Merge(merged, right);
        return merged;
    }

    /// <summary>The node, built if it was not; null when no slice below exists.</summary>
    private SliceNode? NodeAt(int level, long index)
    {
        var nodes = _levels[level];
        var place = nodes.IndexOf(index);
        if (place >= 0)
            return nodes[place];
        var next = _slices.FirstAtOrAfter(index << level);
        if (next == _slices.Count || _slices.KeyAt(next) >= (index + 1) << level)
            return null;
        var node = _free.Count > 0 ? _free.Pop() : new SliceNode(_newTable());
        CollectKeys(level - 1, index << 1, node.Present);
        CollectKeys(level - 1, (index << 1) + 1, node.Present);
        nodes.Insert(~nodes.IndexOf(index), index, node);
        _coveredEnd = Math.Max(_coveredEnd, (index + 1) << level);
        return node;
    }
}
