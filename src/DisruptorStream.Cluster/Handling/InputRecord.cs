namespace DisruptorStream.Cluster.Handling;

/// <summary>A record of an input, read.</summary>
/// <typeparam name="TEvent">The type of the events.</typeparam>
/// <param name="Position">Where it is in its log.</param>
/// <param name="Events">Its events, those of the partition alone; none where it is bad.</param>
/// <param name="WatermarkTicks">What it says of the time; null for nothing.</param>
/// <param name="Failure">Why it is bad; null where it is good.</param>
internal sealed record InputRecord<TEvent>(
    long Position, List<TEvent> Events, long? WatermarkTicks, Exception? Failure);
