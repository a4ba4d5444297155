using DisruptorStream.State.Keys;
using DisruptorStream.State.Panes;
using DisruptorStream.Windows;

namespace DisruptorStream.Emission.Views;

/// <summary>The newest pane of each key, as the emitting thread sees it; copies of it are shown to readers.</summary>
/// <remarks>
/// Rows lie close together, and are found by a <see cref="RowIndex{TKey}"/>. A list through the rows, by the time of
/// their last change, says which goes when there is no room. The emitting thread owns it. Allocates only to grow.
/// </remarks>
internal sealed class LatestRows<TKey>
    where TKey : notnull
{
    private const int FirstCapacity = 64;
    private const int None = -1;

    private readonly int _mostRows;
    private readonly IndexSet _withdrawn = new();
    private readonly LatestLists<TKey> _lists;
    private LatestList<TKey>?[] _listOf = new LatestList<TKey>?[FirstCapacity];
    private int[] _older = new int[FirstCapacity];
    private int[] _newer = new int[FirstCapacity];
    private int _oldest = None;
    private int _newest = None;
    private ChangedParts[] _copies = [];

    /// <param name="schema">The columns.</param>
    /// <param name="mostRows">How many rows there may be.</param>
    /// <param name="perWindowLength">Whether a key has a row for each length of windows.</param>
    /// <param name="groups">Which keys have a list together, where only the best are shown; null for all.</param>
    public LatestRows(ResultSchema schema, int mostRows, bool perWindowLength, IKeyGroups? groups = null)
    {
        _lists = new LatestLists<TKey>(groups, perWindowLength);
        _mostRows = mostRows;
        PerWindowLength = perWindowLength;
        Rows = new ResultBatch<TKey>(schema, FirstCapacity);
        Index = new RowIndex<TKey>(FirstCapacity, perWindowLength);
    }

    public ResultBatch<TKey> Rows { get; private set; }

    public RowIndex<TKey> Index { get; }

    public bool PerWindowLength { get; }

    public int Count => Rows.Count;

    public int CapacityRows => Rows.Capacity;

    /// <summary>Whether anything has changed since this was last set to false.</summary>
    public bool HasChanged { get; set; }

    /// <summary>Rows that went because there was no room for another.</summary>
    public long Displaced { get; private set; }

    /// <summary>Notes from here on what changes for one more copy.</summary>
    public void Follow(ChangedParts copy) => _copies = [.. _copies, copy];

    /// <summary>Takes the pane of a row, in result order.</summary>
    public void Apply(ResultBatch<TKey> batch, int batchRow)
    {
        ref readonly var header = ref batch.HeaderAt(batchRow);
        if (header.Rank == 0)
        {
            Apply(batch, batchRow, null);
            return;
        }

        var list = _lists.Hold(in header);

        // Of a list of an older window no row is shown, not even of a key that is not in the newest one.
        if (header.EndTicks >= list.EndTicks)
        {
            if (header.Rank == 1)
                Replace(list, in header);
            list.Keys.Add(batch.KeyAt(batchRow));
            Apply(batch, batchRow, list);
        }

        _lists.Release(list);
    }

    private void Apply(ResultBatch<TKey> batch, int batchRow, LatestList<TKey>? list)
    {
        ref readonly var header = ref batch.HeaderAt(batchRow);
        var key = batch.KeyAt(batchRow);
        var hash = RowIndex<TKey>.HashOf(key);
        var row = Index.Find(Rows, key, hash, header.EndTicks - header.StartTicks);
        if (header.Timing == PaneTiming.Retract)
        {
            if (row != None && IsShown(row, batch, batchRow))
                _withdrawn.Add(row);
            return;
        }

        if (row == None)
        {
            if (Count == _mostRows)
                MakeRoom(list);
            Add(batch, batchRow, hash, list);
            return;
        }

        // A late pane of an older window; where the shown one was withdrawn, it is better than none.
        if (header.EndTicks < Rows.HeaderAt(row).EndTicks && !_withdrawn.Contains(row))
            return;
        _withdrawn.Remove(row);
        Rows.Put(row, batch, batchRow);
        Unchain(row);
        Chain(row);
        MarkRow(row);
    }

    /// <summary>A key has gone. Returns how many rows it had.</summary>
    public int Remove(TKey key)
    {
        var count = 0;
        for (int row; (row = Index.FindNewest(Rows, key)) != None; count++)
            RemoveRow(row);
        return count;
    }

    /// <summary>A firing is whole: what it has withdrawn without a replacement goes.</summary>
    public void Settle()
    {
        while (_withdrawn.TryTake(out var row))
            RemoveRow(row);
    }

    /// <summary>The first row of a list has come: what the one before has shown goes, unless it comes again.</summary>
    private void Replace(LatestList<TKey> list, in ResultHeader header)
    {
        foreach (var key in list.Keys)
        {
            var row = Index.Find(Rows, key, RowIndex<TKey>.HashOf(key), header.EndTicks - header.StartTicks);
            if (row != None)
                _withdrawn.Add(row);
        }

        list.Keys.Clear();
        list.EndTicks = header.EndTicks;
    }

    private void MakeRoom(LatestList<TKey>? list)
    {
        // What a list replaces goes in any case.
        if (list is not null && _withdrawn.TryTake(out var replaced))
        {
            RemoveRow(replaced);
            return;
        }

        RemoveRow(_oldest);
        Displaced++;
    }

    private bool IsShown(int row, ResultBatch<TKey> batch, int batchRow)
    {
        ref readonly var shown = ref Rows.HeaderAt(row);
        ref readonly var withdrawn = ref batch.HeaderAt(batchRow);
        return shown.StartTicks == withdrawn.StartTicks
            && shown.EndTicks == withdrawn.EndTicks
            && shown.PaneIndex == withdrawn.PaneIndex;
    }

    private void Add(ResultBatch<TKey> batch, int batchRow, int hash, LatestList<TKey>? list)
    {
        var row = Count;
        if (row == Rows.Capacity)
            Grow();
        _listOf[row] = list;
        if (list is not null)
            list.ShownRows++;
        Rows.Put(row, batch, batchRow);
        Index.Link(row, hash);
        Chain(row);
        MarkRow(row);
        MarkBucket(Index.BucketOf(hash));
    }

    private void RemoveRow(int row)
    {
        _withdrawn.Remove(row);
        Unchain(row);
        Unlink(row);
        if (_listOf[row] is { } list)
            _lists.Release(list);
        var last = Count - 1;
        if (row != last)
            MoveRow(last, row);
        _listOf[last] = null;
        Rows.Truncate(last);
        MarkRow(row);
    }

    private void MoveRow(int from, int to)
    {
        var (hash, older) = (Index.HashOfRow(from), _older[from]);
        Unchain(from);
        Unlink(from);
        Rows.Put(to, Rows, from);
        _listOf[to] = _listOf[from];
        Index.Link(to, hash);
        ChainBehind(to, older);
        MarkBucket(Index.BucketOf(hash));
        if (!_withdrawn.Contains(from))
            return;
        _withdrawn.Remove(from);
        _withdrawn.Add(to);
    }

    private void Unlink(int row)
    {
        var bucket = Index.BucketOfRow(row);
        var before = Index.Unlink(row);
        if (before == None)
            MarkBucket(bucket);
        else
            MarkRow(before);
    }

    private void Chain(int row) => ChainBehind(row, _newest);

    /// <summary>Puts a row into the list of changes, behind another one; behind none it is the first.</summary>
    private void ChainBehind(int row, int older)
    {
        var newer = older == None ? _oldest : _newer[older];
        (_older[row], _newer[row]) = (older, newer);
        if (older == None)
            _oldest = row;
        else
            _newer[older] = row;
        if (newer == None)
            _newest = row;
        else
            _older[newer] = row;
    }

    private void Unchain(int row)
    {
        var (older, newer) = (_older[row], _newer[row]);
        if (older == None)
            _oldest = newer;
        else
            _newer[older] = newer;
        if (newer == None)
            _newest = older;
        else
            _older[newer] = older;
    }

    private void Grow()
    {
        var rows = new ResultBatch<TKey>(Rows.Schema, 2 * Rows.Capacity);
        rows.CopyFrom(Rows);
        Rows = rows;
        Index.Grow(Count);
        Array.Resize(ref _older, rows.Capacity);
        Array.Resize(ref _newer, rows.Capacity);
        Array.Resize(ref _listOf, rows.Capacity);
        foreach (var copy in _copies)
            copy.IsAll = true;
    }

    private void MarkRow(int row)
    {
        HasChanged = true;
        foreach (var copy in _copies)
        {
            if (!copy.IsAll)
                copy.Rows.Add(row);
        }
    }

    private void MarkBucket(int bucket)
    {
        foreach (var copy in _copies)
        {
            if (!copy.IsAll)
                copy.Buckets.Add(bucket);
        }
    }
}
