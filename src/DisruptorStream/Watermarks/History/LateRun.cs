namespace DisruptorStream.Watermarks.History;

/// <summary>Events in a row that came too late, all judged by the same watermark.</summary>
internal readonly record struct LateRun(long FirstSequence, int Count, long WatermarkTicks);
