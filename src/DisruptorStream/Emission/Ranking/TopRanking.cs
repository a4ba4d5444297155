using DisruptorStream.Aggregation.Metrics;
using DisruptorStream.Identities;

namespace DisruptorStream.Emission.Ranking;

/// <summary>Which panes of a window are shown: the best n, by one of their values.</summary>
internal sealed record TopRanking
{
    /// <summary>The most panes of a list, for each window and group.</summary>
    public required int Count { get; init; }

    /// <summary>The name of the metric.</summary>
    public required string By { get; init; }

    /// <summary>The metric's place among the columns.</summary>
    public required int Column { get; init; }

    /// <summary>Whether the smallest value is the best.</summary>
    public required bool IsAscending { get; init; }

    /// <summary>The names of the keys that make up a group; none where a window is one group.</summary>
    public IReadOnlyList<string> Within { get; init; } = [];

    /// <summary>The places of these keys among the parts of the query's key.</summary>
    public IReadOnlyList<int> Parts { get; init; } = [];

    /// <summary>Writes what saved state depends on: what a pane has, and which panes are a group.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="columns">The columns of a pane.</param>
    public void Identify(IdentityWriter writer, IReadOnlyList<MetricDefinition> columns)
    {
        writer.Add("top");
        writer.BeginList(columns.Count);
        foreach (var column in columns)
            writer.Add(column.Name);
        writer.BeginList(Parts.Count);
        foreach (var part in Parts)
            writer.Add(part);
    }

    /// <summary>In words.</summary>
    /// <param name="keepsPanes">Whether all panes of a window are kept until it expires.</param>
    public string Describe(bool keepsPanes)
    {
        var order = IsAscending ? "smallest" : "largest";
        var groups = Within.Count == 0 ? "each window" : $"each window and {string.Join(", ", Within)}";
        var kept = keepsPanes
            ? "keeps all panes of a window until it expires, for late ones"
            : "keeps no more than that, and only while the window fires";
        return $"the {Count} {order} by {By} of {groups}; {kept}";
    }
}
