namespace DisruptorStream.PostgreSql.Sources;

/// <summary>A row that was read.</summary>
/// <param name="Place">Where it is.</param>
/// <param name="Event">What was made of it.</param>
/// <param name="Failure">Why it is no event; null where it is one.</param>
internal readonly record struct SourceRow<TEvent>(RowPlace Place, TEvent Event, string? Failure);
