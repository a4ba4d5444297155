using System.Runtime.CompilerServices;

namespace DisruptorStream.Ingest.Projections;

/// <summary>Reads key, time and measures of the host's own events.</summary>
internal sealed class EventProjection<TEvent, TKey>
{
    private readonly Func<TEvent, TKey> _key;
    private readonly Func<TEvent, long> _ticks;
    private readonly MeasureReader<TEvent>[] _measures;

    /// <param name="key">Reads the key.</param>
    /// <param name="ticks">Reads the time.</param>
    public EventProjection(Func<TEvent, TKey> key, Func<TEvent, long> ticks)
        : this(key, ticks, [])
    {
    }

    private EventProjection(Func<TEvent, TKey> key, Func<TEvent, long> ticks, MeasureReader<TEvent>[] measures)
    {
        _key = key;
        _ticks = ticks;
        _measures = measures;
    }

    public int MeasureCount => _measures.Length;

    /// <summary>Reads a further measure, a double.</summary>
    public EventProjection<TEvent, TKey> With(Func<TEvent, double> measure) =>
        new(_key, _ticks, [.. _measures, new MeasureReader<TEvent>(measure)]);

    /// <summary>Reads the 64 bits of a further measure.</summary>
    public EventProjection<TEvent, TKey> With(Func<TEvent, long> measure) =>
        new(_key, _ticks, [.. _measures, new MeasureReader<TEvent>(measure)]);

    /// <summary>Runs the selectors, outside of any claim: they may take their time, or throw.</summary>
    /// <exception cref="ArgumentException">There is no key.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TKey Project(in TEvent published, out long ticks, Span<long> measures)
    {
        ticks = _ticks(published);
        for (var i = 0; i < _measures.Length; i++)
            measures[i] = _measures[i].Read(in published);
        return _key(published) ?? throw new ArgumentException(
            "The key selector returned null for the event; give events without a key a key of their own.",
            nameof(published));
    }

    /// <summary>As <see cref="Project"/>, for one event after the other.</summary>
    /// <param name="published">The events.</param>
    /// <param name="keys">Where the keys go.</param>
    /// <param name="ticks">Where the times go.</param>
    /// <param name="measures">Where the measures go, all of one event in a row.</param>
    /// <param name="projected">How many were read: also where a selector throws.</param>
    public void ProjectAll(
        ReadOnlySpan<TEvent> published, Span<TKey> keys, Span<long> ticks, Span<long> measures, out int projected)
    {
        projected = 0;
        ticks = ticks[..published.Length];
        keys = keys[..published.Length];
        for (var index = 0; index < published.Length; index++)
        {
            keys[index] = Project(in published[index], out ticks[index], measures);
            measures = measures[MeasureCount..];
            projected = index + 1;
        }
    }
}
