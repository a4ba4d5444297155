namespace DisruptorStream.Emission;

/// <summary>How far results have been delivered.</summary>
/// <param name="Sequence">All results that slots up to this sequence have caused.</param>
/// <param name="WatermarkTicks">
/// All results that watermarks up to this one have caused, in ticks since the Unix epoch: no further window that ends
/// by then completes. Null for none yet; <see cref="long.MaxValue"/> after the end of input.
/// </param>
public readonly record struct SinkProgress(long Sequence, long? WatermarkTicks);
