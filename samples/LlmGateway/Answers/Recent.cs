using DisruptorStream.Emission.Records;

namespace LlmGateway.Answers;

/// <summary>The last rows of a query, oldest first, for charts and lists.</summary>
internal sealed class Recent<TRow, TKey> : RowSink<TRow, TKey>
    where TRow : IResultRow<TRow, TKey>
    where TKey : notnull
{
    private const int MostRows = 3600;

    private readonly Lock _gate = new();
    private readonly Queue<TRow> _rows = new();

    public TRow[] Read()
    {
        lock (_gate)
            return [.. _rows];
    }

    protected override void OnRows(ReadOnlySpan<TRow> rows)
    {
        lock (_gate)
        {
            foreach (var row in rows)
            {
                if (_rows.Count == MostRows)
                    _rows.Dequeue();
                _rows.Enqueue(row);
            }
        }
    }
}
