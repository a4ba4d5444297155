namespace DisruptorStream.Durability.Snapshots;

/// <summary>How far the results of a query have got.</summary>
/// <param name="Query">The name of the query.</param>
/// <param name="Number">The number of its last result, 0 where there was none.</param>
internal readonly record struct QueryNumber(string Query, long Number);
