
namespace DisruptorStream.Pipeline.Assignment.Jumps;

/// <summary>A held event: where its copy is.</summary>
/// <param name="Copy">Its place among the copies.</param>
/// <param name="TimestampTicks">Its time.</param>
/// <param name="KeyId">Its key.</param>
internal readonly record struct HeldEvent(int Copy, long TimestampTicks, int KeyId);
