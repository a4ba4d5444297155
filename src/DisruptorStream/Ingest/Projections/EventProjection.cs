using DisruptorStream.Ingest.Fields;

namespace DisruptorStream.Ingest.Projections;

/// <summary>How key, time and measures of the host's own events are read. Immutable.</summary>
internal sealed class EventProjection<TEvent, TKey>
    where TKey : notnull
{
    private readonly MarkedKey<TEvent, TKey>? _ownKey;
    private readonly StreamEventFields<TEvent>? _own;
    private readonly Func<TEvent, TKey?>? _key;
    private readonly Func<TEvent, long>? _ticks;
    private readonly MeasureReader<TEvent>[] _measures = [];

    /// <summary>By selectors.</summary>
    /// <param name="key">Reads the key.</param>
    /// <param name="ticks">Reads the time.</param>
    public EventProjection(Func<TEvent, TKey> key, Func<TEvent, long> ticks)
    {
        _key = key;
        _ticks = ticks;
    }

    /// <summary>As the type says itself.</summary>
    /// <param name="own">Time and measures.</param>
    /// <param name="key">Which of its keys is the key.</param>
    public EventProjection(StreamEventFields<TEvent> own, MarkedKey<TEvent, TKey> key)
    {
        _own = own;
        _ownKey = key;
    }

    private EventProjection(EventProjection<TEvent, TKey> other, MeasureReader<TEvent> measure)
    {
        (_own, _ownKey, _key, _ticks) = (other._own, other._ownKey, other._key, other._ticks);
        _measures = [.. other._measures, measure];
    }

    /// <summary>How many measures a row has.</summary>
    public int MeasureCount => Math.Max(1, (_own?.Measures.Count ?? 0) + _measures.Length);

    /// <summary>Reads a further measure, a double.</summary>
    public EventProjection<TEvent, TKey> With(Func<TEvent, double> measure) =>
        new(this, new MeasureReader<TEvent>(measure));

    /// <summary>Reads the 64 bits of a further measure.</summary>
    public EventProjection<TEvent, TKey> With(Func<TEvent, long> measure) =>
        new(this, new MeasureReader<TEvent>(measure));

    /// <summary>Makes what reads all.</summary>
    public FieldReader<TEvent, TKey> NewReader()
    {
        if (_own is null)
            return new SelectorFields<TEvent, TKey>(_key!, _ticks!, _measures);
        return _measures.Length == 0
            ? _ownKey!.Reader
            : new JoinedFields<TEvent, TKey>(FurtherFields<TEvent>.Of(_own, _measures), MeasureCount, _ownKey!.Reader);
    }
}
