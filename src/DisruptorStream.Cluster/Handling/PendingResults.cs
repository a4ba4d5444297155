using System.Globalization;
using DisruptorStream.Emission;
using DisruptorStream.Emission.Files;
using DisruptorStream.Emission.Tables;

namespace DisruptorStream.Cluster.Handling;

/// <summary>The results that are not in the log yet, as lines of JSON, in the order of their numbers.</summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <remarks>Whoever handles the partition calls, one at a time.</remarks>
internal sealed class PendingResults<TKey> : IResultSink<TKey>
{
    private readonly string _query;
    private readonly Queue<int> _lengths = new();
    private ResultTable<TKey>? _table;
    private TextRows? _rows;
    private byte[] _bytes = [];
    private int _start;
    private int _end;

    /// <param name="query">What stands in the column "query".</param>
    /// <param name="nextNumber">The number of the next result.</param>
    public PendingResults(string query, long nextNumber) => (_query, NextNumber) = (query, nextNumber);

    /// <summary>The number of the first result that is here; of the next one where there is none.</summary>
    public long NextNumber { get; private set; }

    /// <summary>How many there are.</summary>
    public int Count => _lengths.Count;

    /// <summary>How many bytes they have.</summary>
    public int Bytes => _end - _start;

    /// <inheritdoc/>
    public void OnStart(in SinkContext context)
    {
        _table = new ResultTable<TKey>(context.Schema, _query);
        _rows = new TextRows(FileSinkFormat.Ndjson, _table.Columns);
    }

    /// <inheritdoc/>
    public void OnResults(ResultBatch<TKey> batch)
    {
        if (batch.FirstNumber != NextNumber + Count)
        {
            throw new PartitionDivergedException(string.Create(
                CultureInfo.InvariantCulture,
                $"The next result is number {batch.FirstNumber}, and the log goes on with {NextNumber + Count}."));
        }

        var rows = _rows!;
        var cells = new TextCells(rows);
        rows.Clear();
        foreach (var result in batch)
        {
            var before = rows.Bytes.Length;
            _table!.Write(result, ref cells);
            rows.EndRow();
            _lengths.Enqueue(rows.Bytes.Length - before);
        }

        Reserve(rows.Bytes.Length);
        rows.Bytes.CopyTo(_bytes.AsSpan(_end));
        _end += rows.Bytes.Length;
    }

    /// <inheritdoc/>
    public void OnProgress(in SinkProgress progress)
    {
        // The log says how far the partition is; a result has no progress of its own.
    }

    /// <summary>Takes the first results, as many as there is room for, but at least one where there is one.</summary>
    /// <param name="mostBytes">How many bytes there is room for.</param>
    /// <param name="count">How many they are.</param>
    public byte[] Take(int mostBytes, out int count)
    {
        count = 0;
        var bytes = 0;
        while (_lengths.TryPeek(out var next) && (count == 0 || bytes + next <= mostBytes))
        {
            bytes += _lengths.Dequeue();
            count++;
        }

        var body = _bytes.AsSpan(_start, bytes).ToArray();
        Drop(bytes, count);
        return body;
    }

    /// <summary>Takes out the first results, if they are those of a body.</summary>
    /// <param name="body">Their lines, as a log has them.</param>
    /// <param name="count">How many.</param>
    /// <returns>Whether they were the same, to the bit.</returns>
    public bool TryTake(ReadOnlySpan<byte> body, int count)
    {
        if (count > Count || body.Length > Bytes || !_bytes.AsSpan(_start, body.Length).SequenceEqual(body))
            return false;
        var bytes = 0;
        for (var row = 0; row < count; row++)
            bytes += _lengths.Dequeue();
        Drop(bytes, count);
        return bytes == body.Length;
    }

    /// <summary>Takes over what another one has: that comes before what is here already.</summary>
    public void GoOnFrom(PendingResults<TKey> before)
    {
        int[] lengths = [.. before._lengths, .. _lengths];
        var bytes = new byte[before.Bytes + Bytes];
        before._bytes.AsSpan(before._start, before.Bytes).CopyTo(bytes);
        _bytes.AsSpan(_start, Bytes).CopyTo(bytes.AsSpan(before.Bytes));
        _lengths.Clear();
        foreach (var length in lengths)
            _lengths.Enqueue(length);
        (_bytes, _start, _end, NextNumber) = (bytes, 0, bytes.Length, before.NextNumber);
    }

    private void Drop(int bytes, int count)
    {
        _start += bytes;
        NextNumber += count;
        if (_start == _end)
            (_start, _end) = (0, 0);
    }

    private void Reserve(int count)
    {
        if (_bytes.Length - _end >= count)
            return;
        var used = Bytes;
        var larger = used + count <= _bytes.Length / 2
            ? _bytes
            : new byte[Math.Max(4096, checked((int)Math.Min(Array.MaxLength, 2L * (used + (long)count))))];
        Buffer.BlockCopy(_bytes, _start, larger, 0, used);
        (_bytes, _start, _end) = (larger, 0, used);
    }
}
