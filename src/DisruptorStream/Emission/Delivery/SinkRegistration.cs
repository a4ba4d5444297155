namespace DisruptorStream.Emission.Delivery;

/// <summary>A sink with its failure policy.</summary>
internal sealed record SinkRegistration<TSink>(TSink Sink, SinkFailurePolicy Policy)
    where TSink : class;
