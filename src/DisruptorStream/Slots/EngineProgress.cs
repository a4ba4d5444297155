namespace DisruptorStream.Slots;

/// <summary>
/// How far the engine's threads have come with what a wait is for: two readings that are equal say that nothing moved.
/// </summary>
/// <param name="Consumed">The last slot that every stage is done with, at most the one waited for.</param>
/// <param name="Handled">The sum of what the shards have handled, each at most the slot waited for.</param>
/// <param name="Delivered">The last sequence delivered, at most the one waited for.</param>
/// <param name="SinkCalls">Calls of sinks, begun and ended.</param>
/// <param name="ResultSteps">Results put into the buffer and taken from it.</param>
internal readonly record struct EngineProgress(
    long Consumed, long Handled, long Delivered, long SinkCalls, long ResultSteps);
