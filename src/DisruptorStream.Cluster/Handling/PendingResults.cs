using System.Globalization;
using DisruptorStream.Emission;
using DisruptorStream.Emission.Files;
using DisruptorStream.Emission.Texts;

namespace DisruptorStream.Cluster.Handling;

/// <summary>The results that are not in the log yet, as lines of JSON, in the order of their numbers.</summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <remarks>Whoever handles the partition calls, one at a time.</remarks>
internal sealed class PendingResults<TKey> : IResultSink<TKey>
{
    private readonly string _query;
    private readonly PendingLines _lines = new();
    private ResultText<TKey>? _text;

    /// <param name="query">What stands in the column "query".</param>
    /// <param name="nextNumber">The number of the next result.</param>
    public PendingResults(string query, long nextNumber) => (_query, NextNumber) = (query, nextNumber);

    /// <summary>The number of the first result that is here; of the next one where there is none.</summary>
    public long NextNumber { get; private set; }

    /// <summary>How many there are.</summary>
    public int Count => _lines.Count;

    /// <summary>How many bytes they have.</summary>
    public int Bytes => _lines.Bytes;

    /// <inheritdoc/>
    public void OnStart(in SinkContext context) =>
        _text = new ResultText<TKey>(FileSinkFormat.Ndjson, context.Schema, _query);

    /// <inheritdoc/>
    public void OnResults(ResultBatch<TKey> batch)
    {
        if (batch.FirstNumber != NextNumber + Count)
        {
            throw new PartitionDivergedException(string.Create(
                CultureInfo.InvariantCulture,
                $"The next result is number {batch.FirstNumber}, and the log goes on with {NextNumber + Count}."));
        }

        var text = _text!;
        var rows = text.Rows;
        rows.Clear();
        foreach (var result in batch)
        {
            var before = rows.Bytes.Length;
            text.Add(result);
            _lines.Add(rows.Bytes[before..]);
        }
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
        var body = _lines.Take(mostBytes, out count);
        NextNumber += count;
        return body;
    }

    /// <summary>Takes out the first results, if they are those of a body.</summary>
    /// <param name="body">Their lines, as a log has them.</param>
    /// <param name="count">How many.</param>
    /// <returns>Whether they were the same, to the bit.</returns>
    public bool TryTake(ReadOnlySpan<byte> body, int count)
    {
        if (!_lines.TryTake(body, count))
            return false;
        NextNumber += count;
        return true;
    }

    /// <summary>Takes over what another one has: that comes before what is here already.</summary>
    public void GoOnFrom(PendingResults<TKey> before)
    {
        _lines.GoOnFrom(before._lines);
        NextNumber = before.NextNumber;
    }
}
