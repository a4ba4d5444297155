using DisruptorStream.Aggregation.Filters;
using DisruptorStream.Events;

namespace DisruptorStream.Building.Planning;

/// <summary>The filters of a stream so far, each with its bit. Immutable.</summary>
internal sealed class FilterList<TEvent>
{
    private readonly IReadOnlyList<string> _texts;

    private FilterList(IReadOnlyList<Func<TEvent, bool>> filters, IReadOnlyList<string> texts)
    {
        Filters = filters;
        _texts = texts;
    }

    public static FilterList<TEvent> Empty { get; } = new([], []);

    /// <summary>The filters, in the order of their bits.</summary>
    public IReadOnlyList<Func<TEvent, bool>> Filters { get; }

    /// <summary>How each was written.</summary>
    public IReadOnlyList<string> Texts => _texts;

    /// <summary>With a filter more, unless it is there already.</summary>
    /// <param name="filter">The filter.</param>
    /// <param name="text">How it is written.</param>
    /// <param name="added">The filter with its bit.</param>
    /// <exception cref="ArgumentException">There are as many filters as may be.</exception>
    public FilterList<TEvent> Add(Func<TEvent, bool> filter, string text, out MetricFilter added)
    {
        for (var number = 0; number < Filters.Count; number++)
        {
            if (Filters[number] == filter)
            {
                added = Numbered(number);
                return this;
            }
        }

        if (Filters.Count == SlotLayout.MostFilters)
        {
            throw new ArgumentException(
                $"A stream has at most {SlotLayout.MostFilters} different filters, so '{text}' cannot be added; use "
                + "one delegate wherever the same filter is meant, or a second stream.",
                nameof(filter));
        }

        var longer = new FilterList<TEvent>([.. Filters, filter], [.. _texts, text]);
        added = longer.Numbered(Filters.Count);
        return longer;
    }

    private MetricFilter Numbered(int number) => new(number, _texts[number]);
}
