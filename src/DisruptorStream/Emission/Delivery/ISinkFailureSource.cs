namespace DisruptorStream.Emission.Delivery;

/// <summary>Tells how often sinks have thrown.</summary>
internal interface ISinkFailureSource
{
    /// <summary>Calls of sinks that threw, retries included.</summary>
    long SinkFailures { get; }

    Exception? LastSinkException { get; }
}
