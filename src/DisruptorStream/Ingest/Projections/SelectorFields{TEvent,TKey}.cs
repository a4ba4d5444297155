using System.Runtime.CompilerServices;
using DisruptorStream.Ingest.Fields;

namespace DisruptorStream.Ingest.Projections;

/// <summary>Reads key, time and measures by a selector for each.</summary>
internal sealed class SelectorFields<TEvent, TKey> : FieldReader<TEvent, TKey>
    where TKey : notnull
{
    private readonly Func<TEvent, TKey?> _key;
    private readonly Func<TEvent, long> _ticks;
    private readonly MeasureReader<TEvent>[] _measures;

    /// <param name="key">Reads the key; null for none.</param>
    /// <param name="ticks">Reads the time.</param>
    /// <param name="measures">Read the measures.</param>
    public SelectorFields(Func<TEvent, TKey?> key, Func<TEvent, long> ticks, MeasureReader<TEvent>[] measures)
    {
        _key = key;
        _ticks = ticks;
        _measures = measures;
    }

    public override TKey? ReadKey(in TEvent one) => _key(one);

    [MethodImpl(MethodImplOptions.NoInlining)]
    public override void ReadKeys(
        ReadOnlySpan<TEvent> published, Span<TKey?> keys, ref bool hasNone, ref int read)
    {
        keys = keys[..published.Length];
        for (var index = 0; index < published.Length; index++)
        {
            var key = _key(published[index]);
            keys[index] = key;
            if (IsNone(key))
                hasNone = true;
            read = index + 1;
        }
    }

    public override TKey? Read(in TEvent one, Span<long> measures, out long ticks)
    {
        ticks = _ticks(one);
        var readers = _measures;
        for (var measure = 0; measure < readers.Length; measure++)
            measures[measure] = readers[measure].Read(in one);
        return _key(one);
    }

    // The caller has a try around the call: a loop that is taken in there keeps its counters in memory.
    [MethodImpl(MethodImplOptions.NoInlining)]
    public override void ReadAll(
        ReadOnlySpan<TEvent> published,
        Span<TKey?> keys,
        Span<long> ticks,
        Span<long> measures,
        ref bool hasNone,
        ref int read)
    {
        var (ticksOf, readers, keyOf) = (_ticks, _measures, _key);
        keys = keys[..published.Length];
        ticks = ticks[..published.Length];
        for (var index = 0; index < published.Length; index++)
        {
            ref readonly var one = ref published[index];
            ticks[index] = ticksOf(one);
            for (var measure = 0; measure < readers.Length; measure++)
                measures[measure] = readers[measure].Read(in one);
            measures = measures[readers.Length..];
            var key = keyOf(one);
            keys[index] = key;
            if (IsNone(key))
                hasNone = true;
            read = index + 1;
        }
    }

    // Asking a value for null boxes it where the code is not optimized yet.
    private static bool IsNone(TKey? key) => !typeof(TKey).IsValueType && key is null;
}
