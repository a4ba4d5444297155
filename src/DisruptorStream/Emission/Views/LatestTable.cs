namespace DisruptorStream.Emission.Views;

/// <summary>The newest panes as of one moment: a copy that one thread writes, and not while it is shown.</summary>
internal sealed class LatestTable<TKey>
    where TKey : notnull
{
    private long _sequence = -1;
    private long _watermarkTicks = long.MinValue;
    private int _readers;

    /// <param name="rows">What it is to become a copy of.</param>
    public LatestTable(LatestRows<TKey> rows)
    {
        Rows = new ResultBatch<TKey>(rows.Rows.Schema, rows.CapacityRows);
        Index = new RowIndex<TKey>(rows.CapacityRows, rows.PerWindowLength);
    }

    public ResultBatch<TKey> Rows { get; private set; }

    public RowIndex<TKey> Index { get; }

    /// <summary>What has changed in the original since this was brought up to date.</summary>
    public ChangedParts Changes { get; } = new();

    /// <summary>Readers inside. Any thread.</summary>
    public ref int Readers => ref _readers;

    /// <summary>Becomes equal to the original. Only while nobody can read it.</summary>
    public void Update(LatestRows<TKey> source)
    {
        if (Changes.IsAll)
            CopyAll(source);
        else
            CopyChanges(source);
        Changes.Clear();
    }

    /// <summary>The rows are those as of then; also while it is read. Neither goes back.</summary>
    public void MoveTo(long sequence, long watermarkTicks)
    {
        // Pairs with the reads in ReadProgress.
        Volatile.Write(ref _sequence, sequence);
        Volatile.Write(ref _watermarkTicks, watermarkTicks);
    }

    /// <summary>Gives a watermark, and a sequence by which it was reached.</summary>
    public SinkProgress ReadProgress()
    {
        // The watermark first, against the order in MoveTo: the sequence is that of the watermark or a later one.
        var ticks = Volatile.Read(ref _watermarkTicks);
        return new SinkProgress(Volatile.Read(ref _sequence), ticks == long.MinValue ? null : ticks);
    }

    private void CopyAll(LatestRows<TKey> source)
    {
        if (Rows.Capacity != source.CapacityRows || Rows.Schema != source.Rows.Schema)
            Rows = new ResultBatch<TKey>(source.Rows.Schema, source.CapacityRows);
        Rows.CopyFrom(source.Rows);
        Index.CopyFrom(source.Index, source.Count);
    }

    private void CopyChanges(LatestRows<TKey> source)
    {
        foreach (var row in Changes.Rows.Items)
        {
            if (row >= source.Count)
                continue;
            Rows.Put(row, source.Rows, row);
            Index.CopyRow(source.Index, row);
        }

        Rows.Truncate(source.Count);
        foreach (var bucket in Changes.Buckets.Items)
            Index.CopyBucket(source.Index, bucket);
    }
}
