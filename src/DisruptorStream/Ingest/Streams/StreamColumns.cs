namespace DisruptorStream.Ingest.Streams;

/// <summary>What was read of events, side by side, and the ids of their first key.</summary>
internal readonly ref struct StreamColumns
{
    /// <param name="ids">The ids of the first key.</param>
    /// <param name="times">The times, at least as many.</param>
    /// <param name="measures">The bits of the measures, all of one event in a row, of at least as many.</param>
    public StreamColumns(ReadOnlySpan<int> ids, ReadOnlySpan<long> times, ReadOnlySpan<long> measures)
    {
        Ids = ids;
        Times = times[..ids.Length];
        Measures = measures;
    }

    public ReadOnlySpan<int> Ids { get; }

    public ReadOnlySpan<long> Times { get; }

    public ReadOnlySpan<long> Measures { get; }
}
