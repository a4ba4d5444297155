namespace DisruptorStream.Emission.Calls;

/// <summary>What the calls of sinks came to.</summary>
internal struct SinkFigures
{
    /// <summary>Calls that threw, retries included.</summary>
    public long Failed;

    /// <summary>Calls made because the one before threw.</summary>
    public long Retried;

    /// <summary>Batches, and dropped events, that a sink went without.</summary>
    public long Skipped;

    /// <summary>
    /// Failed calls in a row of the sink that has most of them; 0 where every sink's last call went well.
    /// </summary>
    public long Consecutive;

    /// <summary>When a call last threw, in ticks since the Unix epoch; 0 for never.</summary>
    public long LastFailureTicks;
}
