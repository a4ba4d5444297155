using System.Numerics;

namespace DisruptorStream.Watermarks;

/// <summary>
/// The minimum of many numbers that change one at a time: a tournament, replayed along one path per change.
/// </summary>
/// <remarks>
/// A change, and the minimum without one of them, take O(log n); the minimum of all, O(1). Only growing allocates.
/// Indexes that were never set hold long.MaxValue. One thread uses each instance.
/// </remarks>
internal sealed class MinimumTree
{
    // The root is at 1, the children of i are at 2i and 2i + 1, and the leaves fill the upper half.
    private long[] _nodes = [long.MaxValue, long.MaxValue];
    private int _leafCount = 1;

    /// <summary>The lowest number; long.MaxValue where none is set.</summary>
    public long Minimum => _nodes[1];

    /// <summary>Makes room for the indexes below a count.</summary>
    public void EnsureCapacity(int count)
    {
        if (count <= _leafCount)
            return;

        var leafCount = (int)BitOperations.RoundUpToPowerOf2((uint)count);
        var nodes = new long[2 * leafCount];
        Array.Fill(nodes, long.MaxValue);
        _nodes.AsSpan(_leafCount).CopyTo(nodes.AsSpan(leafCount));
        for (var node = leafCount - 1; node >= 1; node--)
            nodes[node] = Math.Min(nodes[2 * node], nodes[(2 * node) + 1]);

        _nodes = nodes;
        _leafCount = leafCount;
    }

    /// <summary>Changes the number at an index, which must be below the capacity.</summary>
    public void Set(int index, long value)
    {
        var nodes = _nodes;
        var node = _leafCount + index;
        nodes[node] = value;
        for (node >>= 1; node >= 1; node >>= 1)
        {
            var minimum = Math.Min(nodes[2 * node], nodes[(2 * node) + 1]);
            if (minimum == nodes[node])
                return;
            nodes[node] = minimum;
        }
    }

    /// <summary>The lowest number of all the other indexes; long.MaxValue where none is set.</summary>
    public long MinimumWithout(int index)
    {
        var nodes = _nodes;
        var minimum = long.MaxValue;
        for (var node = _leafCount + index; node > 1; node >>= 1)
            minimum = Math.Min(minimum, nodes[node ^ 1]);
        return minimum;
    }
}
