namespace DisruptorStream.State.Accumulators.Sketches.Weights;

/// <summary>How many events weighted metrics left out because their weight was below zero.</summary>
/// <remarks>One thread counts; any thread may read.</remarks>
internal sealed class NegativeWeights
{
    private long _count;

    /// <summary>An event counts once for each record and weighted metric that left it out.</summary>
    public long Count => Volatile.Read(ref _count); // Pairs with the writes below.

    public void Note() => Volatile.Write(ref _count, _count + 1); // Pairs with the read in Count.

    /// <summary>Takes over a count that was saved.</summary>
    public void SetCount(long count) => Volatile.Write(ref _count, count); // Pairs with the read in Count.
}
