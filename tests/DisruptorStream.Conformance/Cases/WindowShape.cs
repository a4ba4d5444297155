using System.Text.Json;

namespace DisruptorStream.Conformance.Cases;

/// <summary>The windows of a vector, in milliseconds.</summary>
internal sealed record WindowShape(string Kind, long Size, long Slide, long Gap, long Offset)
{
    public static WindowShape Read(JsonElement element) => new(
        element.GetProperty("kind").GetString()!,
        element.OptionalInt64("size_ms") ?? 0,
        element.OptionalInt64("slide_ms") ?? 0,
        element.OptionalInt64("gap_ms") ?? 0,
        element.OptionalInt64("offset_ms") ?? 0);
}
