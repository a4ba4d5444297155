using DisruptorStream.Cluster.Logs;

namespace DisruptorStream.PostgreSql.Logs;

/// <summary>Records that were read in one round trip.</summary>
/// <param name="Last">The last position of the partition at that moment.</param>
/// <param name="Truncated">The position up to which records are no longer kept.</param>
/// <param name="Entries">The records; none where there is nothing to read.</param>
internal readonly record struct LogPage(long Last, long Truncated, IReadOnlyList<LogEntry> Entries);
