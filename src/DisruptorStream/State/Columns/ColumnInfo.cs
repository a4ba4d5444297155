namespace DisruptorStream.State.Columns;

/// <summary>
/// An accumulator of the plan, for people: its name, its size in each record, what it may hold beside that, and the
/// metrics that read it.
/// </summary>
internal sealed record ColumnInfo(string Name, int SizeBytes, int MaxBlockBytes, IReadOnlyList<string> Metrics);
