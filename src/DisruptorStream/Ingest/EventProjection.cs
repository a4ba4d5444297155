namespace DisruptorStream.Ingest;

/// <summary>Reads key, time and measures of the host's own events.</summary>
internal sealed class EventProjection<TEvent, TKey>
{
    private readonly Func<TEvent, TKey> _key;
    private readonly Func<TEvent, long> _ticks;
    private readonly Func<TEvent, long>[] _measures;

    /// <param name="key">Reads the key.</param>
    /// <param name="ticks">Reads the time.</param>
    /// <param name="measures">Read the 64 bits of each measure.</param>
    public EventProjection(Func<TEvent, TKey> key, Func<TEvent, long> ticks, Func<TEvent, long>[] measures)
    {
        _key = key;
        _ticks = ticks;
        _measures = measures;
    }

    public int MeasureCount => _measures.Length;

    public EventProjection<TEvent, TKey> With(Func<TEvent, long> measure) => new(_key, _ticks, [.. _measures, measure]);

    /// <summary>Runs the selectors, outside of any claim: they may take their time, or throw.</summary>
    public TKey Project(in TEvent published, out long ticks, Span<long> measures)
    {
        ticks = _ticks(published);
        for (var i = 0; i < _measures.Length; i++)
            measures[i] = _measures[i](published);
        return _key(published);
    }
}
