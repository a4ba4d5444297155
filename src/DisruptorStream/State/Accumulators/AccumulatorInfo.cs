namespace DisruptorStream.State.Accumulators;

/// <summary>
/// An accumulator of the plan, for people: what it is, its size in each record, what it may hold beside that, and
/// the metrics that read it.
/// </summary>
internal sealed record AccumulatorInfo(
    AccumulatorIdentity Identity, int SizeBytes, int MaxBlockBytes, IReadOnlyList<string> Metrics)
{
    /// <summary>Whether the number of events can be read from it.</summary>
    public required bool CountsEvents { get; init; }
}
