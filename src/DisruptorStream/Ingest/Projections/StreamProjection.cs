using System.Runtime.CompilerServices;

namespace DisruptorStream.Ingest.Projections;

/// <summary>Reads what a stream's events carry: time, measures and filters. Their keys are read beside it.</summary>
internal sealed record StreamProjection<TEvent>
{
    /// <summary>Reads the time.</summary>
    public required Func<TEvent, long> Ticks { get; init; }

    /// <summary>Read each measure; at least one.</summary>
    public required MeasureReader<TEvent>[] Measures { get; init; }

    /// <summary>Say whether an event passes each filter.</summary>
    public required Func<TEvent, bool>[] Filters { get; init; }

    /// <summary>Runs the selectors, outside of any claim: they may take their time, or throw.</summary>
    /// <param name="published">The events.</param>
    /// <param name="ticks">Where the times go.</param>
    /// <param name="measures">Where the measures go, all of one event in a row.</param>
    /// <param name="filters">Where the bits of the filters go.</param>
    /// <param name="projected">How many events were read: also where a selector throws.</param>
    public void ProjectAll(
        ReadOnlySpan<TEvent> published, Span<long> ticks, Span<long> measures, Span<ulong> filters, ref int projected)
    {
        for (var index = 0; index < published.Length; index++)
        {
            var ofEvent = measures.Slice(index * Measures.Length, Measures.Length);
            ticks[index] = Project(in published[index], ofEvent, out filters[index]);
            projected = index + 1;
        }
    }

    /// <summary>Runs the selectors for one event; gives its time.</summary>
    /// <param name="published">The event.</param>
    /// <param name="measures">Where its measures go.</param>
    /// <param name="filters">The bits of its filters.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public long Project(in TEvent published, Span<long> measures, out ulong filters)
    {
        var ticks = Ticks(published);
        var readers = Measures;
        for (var measure = 0; measure < readers.Length; measure++)
            measures[measure] = readers[measure].Read(in published);
        filters = Filters.Length == 0 ? 0 : BitsOfFilters(in published);
        return ticks;
    }

    private ulong BitsOfFilters(in TEvent published)
    {
        var bits = 0UL;
        for (var filter = 0; filter < Filters.Length; filter++)
        {
            if (Filters[filter](published))
                bits |= 1UL << filter;
        }

        return bits;
    }
}
