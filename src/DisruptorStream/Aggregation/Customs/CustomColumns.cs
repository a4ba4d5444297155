namespace DisruptorStream.Aggregation.Customs;

/// <summary>What the results of a user's aggregate have in common.</summary>
/// <param name="Owner">The name of the first, which no other metric has.</param>
/// <param name="Count">How many there are.</param>
/// <param name="Measures">The measures that it reads, in its order.</param>
internal sealed record CustomColumns(string Owner, int Count, IReadOnlyList<MeasureDefinition> Measures);
