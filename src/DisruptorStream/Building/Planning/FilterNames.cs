using DisruptorStream.Aggregation.Filters;
using DisruptorStream.Events;
using DisruptorStream.Messages;

namespace DisruptorStream.Building.Planning;

/// <summary>The filters of which the host gives the bits, and the one that the query takes. Immutable.</summary>
internal sealed class FilterNames
{
    private FilterNames(IReadOnlyList<string> names, MetricFilter? taken)
    {
        Names = names;
        Taken = taken;
    }

    public static FilterNames Empty { get; } = new([], null);

    /// <summary>The names, in the order of their bits.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The filter that the events of the query pass; null for all.</summary>
    public MetricFilter? Taken { get; }

    /// <exception cref="ArgumentException">The name is empty or in use, or there are as many as may be.</exception>
    public FilterNames Add(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        foreach (var other in Names)
        {
            if (string.Equals(other, name, StringComparison.Ordinal))
                throw new ArgumentException($"There is already a filter '{name}'; choose another name.", nameof(name));
        }

        return Names.Count < SlotLayout.MostFilters ? new([.. Names, name], Taken) : throw new ArgumentException(
            $"An event has at most {SlotLayout.MostFilters} filters, so '{name}' cannot be added; use a second "
            + "processor.",
            nameof(name));
    }

    /// <exception cref="ArgumentException">There is none of that name, or one is taken already.</exception>
    public FilterNames Take(string filter) => Taken is null ? new(Names, Find(filter)) : throw new ArgumentException(
        $"The processor takes the events of the filter '{Taken.Text}' already; have the host set one bit where both "
        + "filters let an event pass.",
        nameof(filter));

    /// <summary>The filter of that name.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public MetricFilter Find(string filter)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(filter);
        for (var number = 0; number < Names.Count; number++)
        {
            if (string.Equals(Names[number], filter, StringComparison.Ordinal))
                return new MetricFilter(number, filter);
        }

        throw new ArgumentException(
            Names.Count == 0
                ? $"There is no filter '{filter}', for none is declared; declare it first, with Filter(name)."
                : $"There is no filter '{filter}'; {NearestWord.Hint(filter, [.. Names])}",
            nameof(filter));
    }
}
