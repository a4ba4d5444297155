using System.Runtime.CompilerServices;
using DisruptorStream.Ingest.Fields;

namespace DisruptorStream.Ingest.Projections;

/// <summary>Reads time and measures as one reader does, and the key as another.</summary>
internal sealed class JoinedFields<TEvent, TKey> : FieldReader<TEvent, TKey>
    where TKey : notnull
{
    private readonly FieldReader<TEvent> _fields;
    private readonly int _measureCount;
    private readonly FieldReader<TEvent, TKey> _keys;

    /// <param name="fields">Reads time and measures.</param>
    /// <param name="measureCount">How many measures.</param>
    /// <param name="keys">Reads the key.</param>
    public JoinedFields(FieldReader<TEvent> fields, int measureCount, FieldReader<TEvent, TKey> keys)
    {
        _fields = fields;
        _measureCount = measureCount;
        _keys = keys;
    }

    public override TKey? ReadKey(in TEvent one) => _keys.ReadKey(in one);

    public override void ReadKeys(
        ReadOnlySpan<TEvent> published, Span<TKey?> keys, ref bool hasNone, ref int read) =>
        _keys.ReadKeys(published, keys, ref hasNone, ref read);

    public override TKey? Read(in TEvent one, Span<long> measures, out long ticks)
    {
        ticks = _fields.Read(in one, measures);
        return _keys.ReadKey(in one);
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
        // One event after the other: where one throws, all is read of those before it.
        for (var index = 0; index < published.Length; index++)
        {
            ref readonly var one = ref published[index];
            var key = Read(in one, measures, out ticks[index]);
            measures = measures[_measureCount..];
            keys[index] = key;
            if (!typeof(TKey).IsValueType && key is null)
                hasNone = true;
            read = index + 1;
        }
    }
}
