namespace DisruptorStream.Ingest.Slots;

/// <summary>How far the engine's threads have come: two readings that are equal say that nothing moved.</summary>
/// <param name="Consumed">The last slot that every stage is done with.</param>
/// <param name="Handled">The sum of what the shards have handled.</param>
/// <param name="Delivered">The last sequence delivered.</param>
/// <param name="SinkCalls">Calls of sinks, begun and ended.</param>
/// <param name="Buffered">Results that wait for a reader.</param>
internal readonly record struct EngineProgress(
    long Consumed, long Handled, long Delivered, long SinkCalls, int Buffered);
