using DisruptorStream.Watermarks.Lateness;

namespace DisruptorStream.Watermarks;

/// <summary>
/// One source of a <see cref="WatermarkTracker"/>, by number; long.MinValue where it has no watermark yet.
/// </summary>
internal readonly record struct SourceStatus(int Source, long WatermarkTicks, SourceState State)
{
    /// <summary>The largest timestamp that it sent; long.MinValue for none.</summary>
    public long NewestTicks { get; init; }

    /// <summary>How late its events come; null where none has been looked at.</summary>
    public SourceLateness? Lateness { get; init; }

    /// <summary>The steady time of its newest sign of life; long.MinValue where no tick came before it.</summary>
    public long ActivityTicks { get; init; }
}
