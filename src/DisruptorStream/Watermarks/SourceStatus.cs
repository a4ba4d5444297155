namespace DisruptorStream.Watermarks;

/// <summary>
/// One source of a <see cref="WatermarkTracker"/>, by number; long.MinValue where it has no watermark yet.
/// </summary>
internal readonly record struct SourceStatus(int Source, long WatermarkTicks, SourceState State);
