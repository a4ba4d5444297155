namespace DisruptorStream.Plans;

/// <summary>
/// Which queries of a stream belong together: those that read the panes of others, and the ones that they read.
/// </summary>
internal static class QueryGroups
{
    /// <summary>
    /// The numbers of the queries of each group, ascending. The first of a group reads no panes, and groups are in the
    /// order of these.
    /// </summary>
    /// <param name="queries">The queries; each reads the panes of one before it, or of none.</param>
    public static IReadOnlyList<IReadOnlyList<int>> Of(IReadOnlyList<QueryPlan> queries)
    {
        var groups = new List<List<int>>();
        var groupOf = new int[queries.Count];
        for (var query = 0; query < groupOf.Length; query++)
        {
            groupOf[query] = queries[query].Panes is { } panes ? groupOf[panes.Query] : groups.Count;
            if (groupOf[query] == groups.Count)
                groups.Add([]);
            groups[groupOf[query]].Add(query);
        }

        return groups;
    }

    /// <summary>All queries as one group.</summary>
    /// <param name="count">How many there are.</param>
    public static IReadOnlyList<IReadOnlyList<int>> One(int count)
    {
        var all = new int[count];
        for (var query = 0; query < count; query++)
            all[query] = query;
        return [all];
    }
}
