namespace DisruptorStream.Watermarks;

/// <summary>What decides the combined watermark while one source alone sends, B being the out-of-orderness.</summary>
/// <param name="SourceMaxTicks">The largest timestamp that the source has sent; long.MinValue for none.</param>
/// <param name="CapTicks">
/// The lowest watermark of the other active sources: the combined one cannot pass it. long.MaxValue where there is no
/// other, and long.MinValue where events of this source move nothing (explicit watermarks only, or it has completed).
/// </param>
/// <param name="WatermarkTicks">The combined watermark before the run.</param>
/// <remarks>
/// After an event of time ts, the combined watermark is max(Watermark, min(Cap, max(SourceMax, ts) − B)), the
/// subtraction being held at long.MinValue.
/// </remarks>
internal readonly record struct SourceProgress(long SourceMaxTicks, long CapTicks, long WatermarkTicks);
