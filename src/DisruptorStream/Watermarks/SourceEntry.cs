using DisruptorStream.Watermarks.Lateness;

namespace DisruptorStream.Watermarks;

/// <summary>What a <see cref="WatermarkTracker"/> keeps about one source.</summary>
internal struct SourceEntry
{
    /// <summary>
    /// The source's own watermark, the highest that it stated or that its events gave; long.MinValue for none.
    /// </summary>
    public long WatermarkTicks;

    /// <summary>The largest timestamp that it sent; long.MinValue for none.</summary>
    public long MaxTimestampTicks;

    /// <summary>The processing time of its newest sign of life, its registration included.</summary>
    public long LastActivity;

    /// <summary>How late its events come; null where none has been looked at.</summary>
    public LatenessCounts? Lateness;

    /// <summary>Where it stands in the list of active sources, while it is active.</summary>
    public int ActiveIndex;

    /// <summary>Whether it counts.</summary>
    public SourceState State;

    /// <summary>Whether there is such a source at all.</summary>
    public bool IsRegistered;
}
