namespace DisruptorStream.LoadTests.Sinks;

/// <summary>A sink, and the bare client that writes the same rows; each to a new target.</summary>
internal interface ISinkPair
{
    /// <summary>Seconds that the sink takes.</summary>
    Task<double> SinkAsync(SinkRows rows);

    /// <summary>Seconds that the bare client takes.</summary>
    Task<double> BareAsync(SinkRows rows);
}
