namespace DisruptorStream.Properties.Queries;

/// <summary>What a window of a key shows at one moment.</summary>
/// <param name="Tenant">The key; null where the query does not group by it.</param>
/// <param name="User">The key; null where the query does not group by it.</param>
/// <param name="Start">The first moment inside the window.</param>
/// <param name="End">The first moment after it.</param>
/// <param name="IsLate">Whether it came after the one on time.</param>
/// <param name="Index">How many panes of the window came before.</param>
/// <param name="Rank">Its place in its list; 0 where there are no lists.</param>
/// <param name="Count">How many events, or panes that are read, are in it.</param>
/// <param name="Sum">The sum of what they cost.</param>
/// <param name="Most">The most that one of them costs.</param>
internal readonly record struct NaivePane(
    string? Tenant,
    int? User,
    long Start,
    long End,
    bool IsLate,
    int Index,
    int Rank,
    double Count,
    double Sum,
    double Most);
