namespace DisruptorStream.Cli.Input.Rows;

/// <summary>
/// Ordinary rows of one input that were read together: of each the time, the id of its key, the measures.
/// </summary>
internal sealed class RowBatch
{
    /// <summary>The most rows of a batch: what is read of them stays in the nearest caches.</summary>
    public const int MostRows = 1024;

    private readonly long[] _ticks = new long[MostRows];
    private readonly int[] _keyIds = new int[MostRows];
    private readonly long[] _measures;
    private readonly int _measureCount;

    /// <param name="measureCount">The measures of a row, 1 at least.</param>
    public RowBatch(int measureCount)
    {
        _measureCount = measureCount;
        _measures = new long[MostRows * measureCount];
    }

    public int Count { get; private set; }

    public bool IsFull => Count == MostRows;

    /// <summary>The times, in ticks since the Unix epoch.</summary>
    public ReadOnlySpan<long> Ticks => _ticks.AsSpan(0, Count);

    public ReadOnlySpan<int> KeyIds => _keyIds.AsSpan(0, Count);

    /// <summary>The 64 bits of each measure, those of a row beside each other.</summary>
    public ReadOnlySpan<long> Measures => _measures.AsSpan(0, Count * _measureCount);

    /// <summary>Where the measures of the next row go. There must be room for one.</summary>
    public Span<long> NextMeasures => _measures.AsSpan(Count * _measureCount, _measureCount);

    public void Clear() => Count = 0;

    /// <summary>Adds a row, whose measures are where they belong already.</summary>
    public void Add(long ticks, int keyId)
    {
        _ticks[Count] = ticks;
        _keyIds[Count] = keyId;
        Count++;
    }
}
