namespace DisruptorStream.Orleans.Clustering;

/// <summary>A silo that suspects another one.</summary>
internal sealed record Suspicion(string Silo, DateTime At);
