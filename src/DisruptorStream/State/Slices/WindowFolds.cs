using System.Numerics;
using System.Runtime.InteropServices;
using DisruptorStream.State.Memory;

namespace DisruptorStream.State.Slices;

/// <summary>
/// Puts windows together from their slices. Slices are grouped by absolute index into blocks of up to 16, never more
/// than a window has. A window is (head, tail): the head is what lies in its first block if that begins before the
/// window, folded from the end, s0 + (s1 + (s2 + …)); the tail is the whole blocks after it, which a fixed tree
/// combines, followed by the slices of the block that is not whole, one after the other.
/// </summary>
/// <remarks>
/// <para>The grouping depends on the indexes alone, so a result is a pure function of the slices' contents. Windows
/// that follow each other share heads and tails, so these are kept for each key: the next window takes one merge into
/// the tail, one step in the head and one merge of the two, and a block costs its length in merges once. None of it
/// grows with the overlap.</para>
/// <para>What is kept stands for as long as the first and the last block stay the same, and until a slice that is in it
/// changes. Then it is made anew for each key that is asked for.</para>
/// </remarks>
internal sealed unsafe class WindowFolds : IDisposable
{
    private const int MostBlockShift = 4;

    private readonly SortedDeque<KeyedTable> _slices;
    private readonly AggregatePlan _plan;
    private readonly SliceTree _tree;
    private readonly long _blockMask;
    private readonly PagePool _cursorPages = new(FoldCursor.SizeBytes);
    private readonly KeyedTable _cursors;
    private readonly SlabPool _nodes;
    private readonly KeyedTable?[] _headSlices;
    private readonly KeyedTable?[] _tailSlices;
    private readonly KeySet _tailKeys = new();
    private readonly byte* _scratch;
    private bool _isOutdated = true;
    private bool _isForgetting;
    private int _forgotten;
    private long _first;
    private long _headEnd;
    private long _lastBlock;
    private long _end = long.MinValue;

    /// <param name="slices">The slices.</param>
    /// <param name="plan">How records merge.</param>
    /// <param name="slicesPerWindow">The slices that each window spans.</param>
    /// <param name="newTable">Makes an empty table.</param>
    public WindowFolds(
        SortedDeque<KeyedTable> slices, AggregatePlan plan, long slicesPerWindow, Func<KeyedTable> newTable)
    {
        _slices = slices;
        _plan = plan;
        var shift = Math.Min(MostBlockShift, BitOperations.Log2((ulong)slicesPerWindow));
        _blockMask = (1L << shift) - 1;
        _headSlices = new KeyedTable?[1 << shift];
        _tailSlices = new KeyedTable?[1 << shift];
        _tree = new SliceTree(slices, plan, shift, slicesPerWindow, newTable);
        _cursors = new KeyedTable(_cursorPages, new byte[FoldCursor.SizeBytes]);
        _nodes = new SlabPool(FoldNode.SizeBytes + plan.RecordBytes);
        _scratch = (byte*)NativeMemory.AlignedAlloc(3 * (nuint)plan.RecordBytes, 64);
        for (var record = 0; record < 3; record++)
            _plan.Initialize(_scratch + (record * plan.RecordBytes));
    }

    public long BytesReserved => _cursorPages.BytesReserved + _nodes.BytesReserved;

    /// <summary>
    /// Goes on to a window, the slices [first, end), and says which keys it has; false where it has to be asked again,
    /// as there is much to forget first.
    /// </summary>
    /// <param name="first">The first slice.</param>
    /// <param name="end">The one after the last.</param>
    /// <param name="keys">Gets the keys.</param>
    /// <param name="budget">How many records to release and pages to give back; what is left of it.</param>
    public bool TryOpen(long first, long end, KeySet keys, ref int budget)
    {
        var headEnd = (first + _blockMask) & ~_blockMask;
        var lastBlock = end & ~_blockMask;
        if (headEnd != _headEnd || lastBlock != _lastBlock || end < _end)
        {
            (_headEnd, _lastBlock, _isOutdated, _isForgetting) = (headEnd, lastBlock, true, true);

            // Whatever changes until all is forgotten, none of it is asked for again.
            (_first, _end) = (long.MinValue, long.MinValue);
        }

        if (_isForgetting && !TryForgetAll(ref budget))
            return false;
        if (_isOutdated)
            FindSlices(first, end);
        else
            FindTail(_end, end);
        (_first, _end, _isOutdated) = (first, end, false);

        keys.Clear();
        _tailKeys.UnionInto(keys);
        for (var slice = first; slice < headEnd; slice++)
            _headSlices[slice & _blockMask]?.UnionInto(keys);
        return true;
    }

    /// <summary>
    /// The record of a key that the open window has: <paramref name="into"/>, or one that is kept. Valid until the next
    /// window is opened or a slice changes.
    /// </summary>
    public byte* Fold(int keyId, byte* into)
    {
        var cursor = (FoldCursor*)_cursors.Find(keyId);
        if (cursor == null)
            cursor = NewCursor(keyId);
        if (cursor->TailEnd != _end)
            ExtendTail(cursor, keyId);
        while (cursor->Head != null && cursor->Head->Slice < _first)
            cursor->Head = Return(cursor->Head);
        if (cursor->Head == null)
            return RecordOf(cursor->Tail);
        if (cursor->Tail == null)
            return RecordOf(cursor->Head);
        _plan.Replace(RecordOf(cursor->Head), into);
        _plan.Merge(into, RecordOf(cursor->Tail));
        return into;
    }

    /// <summary>
    /// The record of a key in any window, the slices [first, end), in which it has one; valid until the next call.
    /// </summary>
    public byte* FoldAlone(long first, long end, int keyId)
    {
        var headEnd = (first + _blockMask) & ~_blockMask;
        byte* head = null;
        for (var slice = headEnd - 1; slice >= first; slice--)
        {
            var record = Find(slice, keyId);
            if (record == null)
                continue;
            var longer = head == Scratch(0) ? Scratch(1) : Scratch(0);
            _plan.Replace(record, longer);
            if (head != null)
                _plan.Merge(longer, head);
            head = longer;
        }

        var lastBlock = end & ~_blockMask;
        var tail = _tree.Fold(headEnd, lastBlock, keyId, Scratch(2)) ? Scratch(2) : null;
        for (var slice = lastBlock; slice < end; slice++)
        {
            var record = Find(slice, keyId);
            if (record == null)
                continue;
            if (tail != null)
                _plan.Merge(tail, record);
            else
                _plan.Replace(record, tail = Scratch(2));
        }

        if (head != null && tail != null)
            _plan.Merge(head, tail);
        return head != null ? head : tail;
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

    /// <summary>Whether something may have been computed from the slice.</summary>
    public bool MayCover(long slice) => slice < _end || slice < _tree.CoveredEnd;

    /// <summary>A slice was added that was not there before.</summary>
    public void OnNewSlice(long slice) => _isOutdated |= slice < _end;

    /// <summary>A record of the slice changed: what was computed from it is forgotten.</summary>
    public void Invalidate(long slice, int keyId)
    {
        _tree.Invalidate(slice, keyId);
        if (slice < _first || slice >= _end)
            return;
        if (slice >= _headEnd)
            _tailKeys.Add(keyId);
        var cursor = (FoldCursor*)_cursors.Find(keyId);
        if (cursor == null)
            return;
        Return(cursor);
        _cursors.Remove(keyId);
    }

    /// <summary>Drops what was computed from slices before this one, a part at a time; true once it is done.</summary>
    public bool TryDropBefore(long slice, ref int budget) => _tree.TryDropBefore(slice, ref budget);

    public void Dispose()
    {
        _cursorPages.Dispose();
        _nodes.Dispose();
        NativeMemory.AlignedFree(_scratch);
    }

    private static byte* RecordOf(FoldNode* node) => (byte*)node + FoldNode.SizeBytes;

    private byte* Scratch(int index) => _scratch + (index * _plan.RecordBytes);

    private byte* Find(long slice, int keyId)
    {
        var table = _slices.Find(slice);
        return table is null ? null : table.Find(keyId);
    }

    private void FindSlices(long first, long end)
    {
        for (var slice = first; slice < _headEnd; slice++)
            _headSlices[slice & _blockMask] = _slices.Find(slice);
        _tailKeys.Clear();
        _tree.CollectKeys(_headEnd, _lastBlock, _tailKeys);
        FindTail(_lastBlock, end);
    }

    private void FindTail(long first, long end)
    {
        for (var slice = first; slice < end; slice++)
        {
            var table = _slices.Find(slice);
            _tailSlices[slice & _blockMask] = table;
            table?.UnionInto(_tailKeys);
        }
    }

    private FoldCursor* NewCursor(int keyId)
    {
        var cursor = (FoldCursor*)_cursors.GetOrAdd(keyId);
        for (var slice = _headEnd - 1; slice >= _first; slice--)
        {
            var table = _headSlices[slice & _blockMask];
            var record = table is null ? null : table.Find(keyId);
            if (record == null)
                continue;
            var node = NewNode();
            _plan.Copy(record, RecordOf(node));
            if (cursor->Head != null)
                _plan.Merge(RecordOf(node), RecordOf(cursor->Head));
            node->Slice = slice;
            node->Next = cursor->Head;
            cursor->Head = node;
        }

        cursor->TailEnd = _lastBlock;
        if (_headEnd == _lastBlock)
            return cursor;
        var tail = NewNode();
        _plan.Initialize(RecordOf(tail));
        if (_tree.Fold(_headEnd, _lastBlock, keyId, RecordOf(tail)))
            cursor->Tail = tail;
        else
            Return(tail);
        return cursor;
    }

    private void ExtendTail(FoldCursor* cursor, int keyId)
    {
        for (var slice = cursor->TailEnd; slice < _end; slice++)
        {
            var table = _tailSlices[slice & _blockMask];
            var record = table is null ? null : table.Find(keyId);
            if (record == null)
                continue;
            if (cursor->Tail != null)
            {
                _plan.Merge(RecordOf(cursor->Tail), record);
                continue;
            }

            cursor->Tail = NewNode();
            _plan.Copy(record, RecordOf(cursor->Tail));
        }

        cursor->TailEnd = _end;
    }

    private FoldNode* NewNode()
    {
        var index = _nodes.Rent();
        var node = (FoldNode*)_nodes[index];
        node->Index = index;
        node->Next = null;
        return node;
    }

    /// <summary>Gives a node back; returns the one behind it.</summary>
    private FoldNode* Return(FoldNode* node)
    {
        var next = node->Next;
        _plan.Release(RecordOf(node));
        _nodes.Return(node->Index);
        return next;
    }

    private void Return(FoldCursor* cursor)
    {
        while (cursor->Head != null)
            cursor->Head = Return(cursor->Head);
        if (cursor->Tail != null)
            Return(cursor->Tail);
    }

    private bool TryForgetAll(ref int budget)
    {
        // Records that hold nothing need not be visited.
        while (_plan.MaxBlockBytes > 0 && _cursors.NextKey(_forgotten) is var keyId and >= 0)
        {
            if (budget-- <= 0)
                return false;
            Return((FoldCursor*)_cursors.Find(keyId));
            _forgotten = keyId + 1;
        }

        if (!_cursors.TryClear(ref budget))
            return false;
        _nodes.ReturnAll();
        _forgotten = 0;
        _isForgetting = false;
        return true;
    }
}
