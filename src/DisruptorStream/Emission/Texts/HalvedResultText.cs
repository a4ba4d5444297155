using DisruptorStream.Durability.Files;
using DisruptorStream.Emission.Files;
using DisruptorStream.Emission.Tables;

namespace DisruptorStream.Emission.Texts;

/// <summary>Makes the rows of a write, the second half of many on another thread at the same time.</summary>
/// <typeparam name="TKey">The type of the keys.</typeparam>
/// <remarks>One call at a time.</remarks>
internal sealed class HalvedResultText<TKey>
{
    // Some 50 µs of work; below, the other thread is hardly awake before the rows are made.
    private const int LeastHalved = 512;

    private readonly ResultText<TKey> _first;
    private readonly ResultText<TKey> _second;

    /// <inheritdoc cref="ResultText{TKey}(FileSinkFormat, ResultSchema, string, WindowTimes)"/>
    public HalvedResultText(FileSinkFormat format, ResultSchema schema, string queryName, WindowTimes times)
    {
        _first = new ResultText<TKey>(format, schema, queryName, times);
        _second = new ResultText<TKey>(format, schema, queryName, times);
    }

    /// <inheritdoc cref="TextRows.Header"/>
    public byte[] Header => _first.Rows.Header;

    /// <summary>How many bytes the rows have.</summary>
    public long LengthBytes => (long)_first.Rows.Bytes.Length + _second.Rows.Bytes.Length;

    /// <summary>The rows, for a file; until the next call.</summary>
    public FilePart[] Parts => [_first.Rows.Part, _second.Rows.Part];

    /// <summary>Makes rows in place of those before.</summary>
    /// <param name="results">The results.</param>
    /// <param name="hasHeader">Whether the header comes first.</param>
    /// <exception cref="InvalidOperationException">A window cannot be shown as moments.</exception>
    public async ValueTask MakeAsync(ReadOnlyMemory<WindowResult<TKey>> results, bool hasHeader)
    {
        _first.Rows.Clear();
        _second.Rows.Clear();
        if (hasHeader)
            _first.Rows.AddHeader();
        if (results.Length < LeastHalved || Environment.ProcessorCount == 1)
        {
            AddAll(_first, results);
            return;
        }

        var half = results.Length / 2;
        var other = Task.Run(() => AddAll(_second, results[half..]));
        try
        {
            AddAll(_first, results[..half]);
        }
        finally
        {
            // The rows must be left alone before this returns, in whatever way.
            await other.ConfigureAwait(false);
        }
    }

    private static void AddAll(ResultText<TKey> text, ReadOnlyMemory<WindowResult<TKey>> results)
    {
        foreach (ref readonly var result in results.Span)
            text.Add(in result);
    }
}
