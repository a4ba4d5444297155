using DisruptorStream.Watermarks.Lateness;

namespace DisruptorStream.Watermarks;

/// <summary>How far one source has come, as of the moment at which it was asked.</summary>
/// <param name="Name">The source's name.</param>
/// <param name="WatermarkTicks">
/// The source's own watermark, in ticks of 100 ns since the Unix epoch: it sends no further event before this time.
/// Null where it has none yet.
/// </param>
/// <param name="State">Whether the source counts in the combined watermark.</param>
public readonly record struct SourceWatermark(string Name, long? WatermarkTicks, SourceState State)
{
    /// <summary>
    /// Whether no other active source has come less far: the combined watermark waits for this one.
    /// </summary>
    public bool HoldsWatermark { get; init; }

    /// <summary>
    /// The largest timestamp that it has sent, in ticks of 100 ns since the Unix epoch; null for none. What the jump
    /// guard holds, and what was refused, does not count.
    /// </summary>
    public long? NewestTicks { get; init; }

    /// <summary>
    /// How late its events come, and which out-of-orderness would do; null where none has been looked at, and where
    /// windows go by the clock.
    /// </summary>
    public SourceLateness? Lateness { get; init; }

    /// <summary>
    /// How long ago its newest sign of life was (an event, a watermark, its coming), by the host's clock, right to a
    /// <see cref="StreamProcessorOptions.WatermarkInterval"/>; null where no tick of the clock has been handled yet.
    /// </summary>
    public TimeSpan? QuietFor { get; init; }
}
