
namespace DisruptorStream.Pipeline.Assignment.Jumps;

/// <summary>A held event: where its copy is.</summary>
/// <param name="Copy">Its place among the copies.</param>
/// <param name="TimestampTicks">Its time.</param>
/// <param name="KeyId">Its key, of those that are told from each other; -1 for none.</param>
internal readonly record struct HeldEvent(int Copy, long TimestampTicks, int KeyId);
