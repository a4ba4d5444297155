using System.Collections;

namespace DisruptorStream.Emission.Views;

/// <summary>The newest pane of each key, all as of one moment: a copy, which belongs to its reader.</summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <remarks>
/// Filled by <see cref="LatestResults{TKey}.Read(LatestSnapshot{TKey})"/>, again and again: then nothing is allocated
/// unless there are more keys than ever before. What was taken out of it before is not valid afterwards, and says so;
/// keep it with <see cref="WindowResult{TKey}.ToOwned"/>. One thread at a time.
/// </remarks>
public sealed class LatestSnapshot<TKey> : IReadOnlyList<WindowResult<TKey>>
    where TKey : notnull
{
    private ResultBatch<TKey>? _rows;
    private RowIndex<TKey>? _index;
    private bool _perWindowLength;
    private SinkProgress _progress = new(-1, null);

    /// <summary>Creates an empty one.</summary>
    public LatestSnapshot()
    {
    }

    /// <summary>How many panes there are.</summary>
    public int Count => _rows?.Count ?? 0;

    /// <summary>All results that slots up to this sequence have caused are in it; -1 for none yet.</summary>
    public long Sequence => _progress.Sequence;

    /// <summary>
    /// All results that watermarks up to this one have caused are in it, in ticks since the Unix epoch. Null for none
    /// yet; <see cref="long.MaxValue"/> after the end of input.
    /// </summary>
    public long? WatermarkTicks => _progress.WatermarkTicks;

    /// <summary>A pane.</summary>
    /// <param name="index">Its place, from 0. The order says nothing, and changes from one filling to the next.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such pane.</exception>
    public WindowResult<TKey> this[int index] => Rows[index];

    private ResultBatch<TKey> Rows => _rows ?? ResultBatch<TKey>.Empty;

    /// <summary>
    /// The pane of a key; where there are several, that of the window that ends last, of equal ones the shortest.
    /// </summary>
    /// <param name="key">The key.</param>
    /// <param name="result">The pane, valid until the snapshot is filled again.</param>
    /// <returns>Whether there is one.</returns>
    public bool TryGet(TKey key, out WindowResult<TKey> result)
    {
        ArgumentNullException.ThrowIfNull(key);
        return Has(_rows is null ? -1 : _index!.FindNewest(_rows, key), out result);
    }

    /// <summary>
    /// The pane of a key and of windows of a length, with <see cref="LatestResultsOptions.PerWindowLength"/>.
    /// </summary>
    /// <param name="key">The key.</param>
    /// <param name="windowLength">From the window's start to its end.</param>
    /// <param name="result">The pane, valid until the snapshot is filled again.</param>
    /// <returns>Whether there is one.</returns>
    public bool TryGet(TKey key, TimeSpan windowLength, out WindowResult<TKey> result)
    {
        ArgumentNullException.ThrowIfNull(key);
        return Has(_rows is null ? -1 : _index!.FindExact(_rows, key, windowLength.Ticks), out result);
    }

    /// <summary>Goes through the panes without allocating, in an order that says nothing.</summary>
    public ResultBatch<TKey>.Enumerator GetEnumerator() => Rows.GetEnumerator();

    IEnumerator<WindowResult<TKey>> IEnumerable<WindowResult<TKey>>.GetEnumerator() => GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal void Fill(LatestTable<TKey> table, bool perWindowLength)
    {
        var source = table.Rows;
        if (_rows is null || _index is null || _rows.Schema != source.Schema || _perWindowLength != perWindowLength
            || _rows.Capacity < source.Count)
        {
            _rows = new ResultBatch<TKey>(source.Schema, source.Capacity);
            _index = new RowIndex<TKey>(source.Capacity, perWindowLength);
            _perWindowLength = perWindowLength;
        }

        _rows.CopyFrom(source);
        _index.CopyFrom(table.Index, source.Count);
        _progress = table.ReadProgress();
    }

    /// <summary>Nothing has been delivered yet.</summary>
    internal void Clear()
    {
        _rows = null;
        _progress = new SinkProgress(-1, null);
    }

    private bool Has(int row, out WindowResult<TKey> result)
    {
        result = row < 0 ? default : _rows![row];
        return row >= 0;
    }
}
