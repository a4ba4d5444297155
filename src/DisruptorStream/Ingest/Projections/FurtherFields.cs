using System.Runtime.CompilerServices;
using DisruptorStream.Ingest.Fields;

namespace DisruptorStream.Ingest.Projections;

/// <summary>Reads what a type says itself, and further measures by selectors, behind its own.</summary>
internal sealed class FurtherFields<TEvent> : FieldReader<TEvent>
{
    private readonly FieldReader<TEvent> _own;
    private readonly int _ownMeasures;
    private readonly MeasureReader<TEvent>[] _further;

    /// <param name="own">Reads what the type says.</param>
    /// <param name="ownMeasures">How many measures that are; may be 0.</param>
    /// <param name="further">Read the others.</param>
    public FurtherFields(FieldReader<TEvent> own, int ownMeasures, MeasureReader<TEvent>[] further)
    {
        _own = own;
        _ownMeasures = ownMeasures;
        _further = further;
    }

    /// <summary>What reads both; the type's own alone where there are no others.</summary>
    public static FieldReader<TEvent> Of(StreamEventFields<TEvent> own, MeasureReader<TEvent>[] further) =>
        further.Length == 0 ? own.Reader : new FurtherFields<TEvent>(own.Reader, own.Measures.Count, further);

    public override long Read(in TEvent one, Span<long> measures)
    {
        var ticks = _own.Read(in one, measures);
        var rest = measures[_ownMeasures..];
        for (var measure = 0; measure < _further.Length; measure++)
            rest[measure] = _further[measure].Read(in one);
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
            measures = measures[(_ownMeasures + _further.Length)..];
            read = index + 1;
        }
    }
}
