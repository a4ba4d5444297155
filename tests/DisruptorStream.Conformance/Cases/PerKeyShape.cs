using System.Text.Json;

namespace DisruptorStream.Conformance.Cases;

/// <summary>How the time of each key goes on, where each has its own.</summary>
/// <param name="Bound">How far the key's watermark stays behind its newest event.</param>
/// <param name="CloseAfter">After how long without an event it goes on with the clock; null for never.</param>
internal sealed record PerKeyShape(long Bound, long? CloseAfter)
{
    public static PerKeyShape Read(JsonElement element) => new(
        element.OptionalInt64("bound_ms") ?? 0, element.OptionalInt64("close_after_ms"));
}
