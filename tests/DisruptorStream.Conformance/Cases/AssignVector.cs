using System.Text.Json;

namespace DisruptorStream.Conformance.Cases;

/// <summary>A timestamp in, the windows that hold it out.</summary>
internal sealed record AssignVector(string Id) : Vector(Id)
{
    public required WindowShape Window { get; init; }

    public required long Time { get; init; }

    public required IReadOnlyList<(long Start, long End)> Expected { get; init; }

    public static AssignVector Read(JsonElement root) => new(root.GetProperty("id").GetString()!)
    {
        Window = WindowShape.Read(root.GetProperty("window")),
        Time = root.GetProperty("ts_ms").ToInt64(),
        Expected = [.. (root.Optional("expect")?.EnumerateArray() ?? default)
            .Select(window => (window[0].ToInt64(), window[1].ToInt64()))],
    };
}
