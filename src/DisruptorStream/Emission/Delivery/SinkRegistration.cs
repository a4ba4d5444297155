namespace DisruptorStream.Emission.Delivery;

/// <summary>A sink with its failure policy.</summary>
internal sealed record SinkRegistration<TSink>(TSink Sink, SinkFailurePolicy Policy)
    where TSink : class
{
    /// <summary>
    /// The number of the last row that the sink holds already: those up to it are counted, and not handed to it. 0 for
    /// none. For sinks of dropped events the count of those.
    /// </summary>
    public long HeldThrough { get; init; }

    /// <summary>Whether a durable sink was opened before the processor was built: it said what it holds.</summary>
    public bool IsOpen { get; init; }
}
