namespace DisruptorStream.Cluster.Handling;

/// <summary>One step of the order in which a partition handled things.</summary>
/// <param name="Input">Which input; -1 for a tick.</param>
/// <param name="Records">How many of its records, one behind the other.</param>
/// <param name="Number">The position of the last of them; of a tick the clock, in ticks since 1970.</param>
internal readonly record struct OrderEntry(int Input, int Records, long Number)
{
    /// <summary>Whether the clock moves, and nothing is read.</summary>
    public bool IsTick => Input < 0;
}
