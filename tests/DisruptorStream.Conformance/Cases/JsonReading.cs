using System.Text.Json;

namespace DisruptorStream.Conformance.Cases;

/// <summary>Reads members that may be absent or null.</summary>
internal static class JsonReading
{
    public static long? OptionalInt64(this JsonElement element, string name) =>
        element.TryGetProperty(name, out var member) && member.ValueKind != JsonValueKind.Null
            ? member.ToInt64()
            : null;

    public static string? OptionalString(this JsonElement element, string name) =>
        element.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.String
            ? member.GetString()
            : null;

    public static JsonElement? Optional(this JsonElement element, string name) =>
        element.TryGetProperty(name, out var member) && member.ValueKind != JsonValueKind.Null ? member : null;

    /// <summary>A whole number, also where it is written with a fraction of zero.</summary>
    public static long ToInt64(this JsonElement element) =>
        element.TryGetInt64(out var value) ? value : checked((long)element.GetDecimal());
}
