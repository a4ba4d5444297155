namespace DisruptorStream.Tests.Reporting.Answers;

/// <summary>What one source does: an event, or a watermark that it states.</summary>
/// <param name="Source">Which source, from 0.</param>
/// <param name="IsWatermark">Whether it states a watermark.</param>
/// <param name="Ticks">The time.</param>
public readonly record struct LateStep(int Source, bool IsWatermark, long Ticks);
