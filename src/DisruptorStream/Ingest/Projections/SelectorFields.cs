using System.Runtime.CompilerServices;
using DisruptorStream.Ingest.Fields;

namespace DisruptorStream.Ingest.Projections;

/// <summary>Reads time and measures by a selector for each.</summary>
internal sealed class SelectorFields<TEvent> : FieldReader<TEvent>
{
    /// <param name="ticks">Reads the time.</param>
    /// <param name="measures">Read the measures.</param>
    public SelectorFields(Func<TEvent, long> ticks, MeasureReader<TEvent>[] measures)
    {
        Ticks = ticks;
        Measures = measures;
    }

    public Func<TEvent, long> Ticks { get; }

    public MeasureReader<TEvent>[] Measures { get; }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public override long Read(in TEvent one, Span<long> measures)
    {
        var ticks = Ticks(one);
        var readers = Measures;
        for (var measure = 0; measure < readers.Length; measure++)
            measures[measure] = readers[measure].Read(in one);
        return ticks;
    }

    // The caller has a try around the call: a loop that is taken in there keeps its counters in memory.
    [MethodImpl(MethodImplOptions.NoInlining)]
    public override void ReadAll(
        ReadOnlySpan<TEvent> published, Span<long> ticks, Span<long> measures, ref int read)
    {
        for (var index = 0; index < published.Length; index++)
        {
            ticks[index] = Read(in published[index], measures);
            measures = measures[Measures.Length..];
            read = index + 1;
        }
    }
}
