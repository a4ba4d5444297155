namespace DisruptorStream.Topology.Durable;

/// <summary>Told what goes wrong beside a durable processor, which goes on.</summary>
/// <remarks>On threads beside the engine. Never per event.</remarks>
internal interface IDurableEvents
{
    /// <summary>A part has failed for good.</summary>
    /// <param name="what">Which, as the beginning of a sentence.</param>
    /// <param name="cause">What was thrown.</param>
    void OnFailed(string what, Exception cause);

    /// <summary>A snapshot could not be written.</summary>
    /// <param name="retryAfter">When the next one is tried, at the earliest.</param>
    /// <param name="cause">What the disk said.</param>
    void OnSnapshotFailed(TimeSpan retryAfter, Exception cause);

    /// <summary>No file of the journal can be made ready. Told once, until one can be made again.</summary>
    /// <param name="cause">What the disk said.</param>
    void OnSpareFailed(Exception cause);
}
