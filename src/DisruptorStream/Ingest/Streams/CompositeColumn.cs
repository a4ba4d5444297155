namespace DisruptorStream.Ingest.Streams;

/// <summary>A column of keys that are made of those of other columns.</summary>
/// <param name="Keys">The keys.</param>
/// <param name="Parts">The columns of its parts, in their order.</param>
internal sealed record CompositeColumn(CompositeKeys Keys, IReadOnlyList<int> Parts);
