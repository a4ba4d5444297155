using DisruptorStream.Identities;

namespace DisruptorStream.Plans;

/// <summary>Which events of an input a query takes, and which of their words.</summary>
internal sealed record SelectionPlan
{
    /// <summary>The number of no filter.</summary>
    public const int NoFilter = -1;

    /// <summary>The number of the filter that lets no event pass: of a query that reads panes.</summary>
    public const int Nothing = -2;

    /// <summary>The filter whose bit an event must have; <see cref="NoFilter"/> for every event.</summary>
    public required int Filter { get; init; }

    /// <summary>The filter's name: what it means is the host's code.</summary>
    public required string FilterName { get; init; }

    /// <summary>The measures that its metrics read.</summary>
    public required IReadOnlyList<int> Measures { get; init; }

    /// <summary>Writes what saved state depends on.</summary>
    public void Identify(IdentityWriter writer)
    {
        writer.Add(FilterName);
        writer.BeginList(Measures.Count);
        foreach (var measure in Measures)
            writer.Add(measure);
    }
}
