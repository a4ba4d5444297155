using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using DisruptorStream.Ingest.Fields;

namespace DisruptorStream.Ingest.Projections;

/// <summary>Reads what a stream's events carry: time, measures and filters. Their keys are read beside it.</summary>
internal sealed record StreamProjection<TEvent>
{
    /// <summary>Reads time and measures.</summary>
    public required FieldReader<TEvent> Fields { get; init; }

    /// <summary>How many measures; at least one.</summary>
    public required int MeasureCount { get; init; }

    /// <summary>Say whether an event passes each filter.</summary>
    public required Func<TEvent, bool>[] Filters { get; init; }

    /// <summary>Runs the selectors, outside of any claim: they may take their time, or throw.</summary>
    /// <param name="published">The events.</param>
    /// <param name="ticks">Gets the times.</param>
    /// <param name="measures">Gets the bits of the measures, all of one event in a row.</param>
    /// <param name="filters">Gets the bits of the filters; left as it is where there are none.</param>
    /// <param name="projected">Gets how many events are read, also where a selector throws.</param>
    public void ProjectAll(
        ReadOnlySpan<TEvent> published, Span<long> ticks, Span<long> measures, Span<ulong> filters, ref int projected)
    {
        if (Filters.Length == 0)
        {
            Fields.ReadAll(published, ticks, measures, ref projected);
            return;
        }

        var (read, failure) = (0, default(ExceptionDispatchInfo));
        try
        {
            Fields.ReadAll(published, ticks, measures, ref read);
        }
        catch (Exception thrown)
        {
            // The events before that one are published with what their filters say.
            failure = ExceptionDispatchInfo.Capture(thrown);
        }

        for (var index = 0; index < read; index++)
        {
            filters[index] = BitsOfFilters(in published[index]);
            projected = index + 1;
        }

        failure?.Throw();
    }

    /// <summary>Runs the selectors for one event; gives its time.</summary>
    /// <param name="published">The event.</param>
    /// <param name="measures">Gets the bits of the measures.</param>
    /// <param name="filters">The bits of the filters.</param>
    public long Project(in TEvent published, Span<long> measures, out ulong filters)
    {
        var ticks = Fields.Read(in published, measures);
        filters = FiltersOf(in published);
        return ticks;
    }

    /// <summary>The bits of the filters of one event.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong FiltersOf(in TEvent published) => Filters.Length == 0 ? 0 : BitsOfFilters(in published);

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
