using System.Text.Json;

namespace DisruptorStream.Conformance.Cases;

/// <summary>A timestamp in, the calendar window that holds it out.</summary>
internal sealed record CalendarVector(string Id) : Vector(Id)
{
    /// <summary>The IANA name of the time zone.</summary>
    public required string Zone { get; init; }

    /// <summary>hour, day, week, month, quarter or year.</summary>
    public required string Unit { get; init; }

    public required int Count { get; init; }

    /// <summary>The first day of the week; null for Monday.</summary>
    public required string? FirstDayOfWeek { get; init; }

    /// <summary>In milliseconds.</summary>
    public required long Time { get; init; }

    /// <summary>In milliseconds.</summary>
    public required IReadOnlyList<(long Start, long End)> Expected { get; init; }

    public static CalendarVector Read(JsonElement root) => new(root.GetProperty("id").GetString()!)
    {
        Zone = root.GetProperty("zone").GetString()!,
        Unit = root.GetProperty("unit").GetString()!,
        Count = (int)(root.OptionalInt64("count") ?? 1),
        FirstDayOfWeek = root.OptionalString("first_day_of_week"),
        Time = root.GetProperty("ts_ms").ToInt64(),
        Expected = [.. (root.Optional("expect")?.EnumerateArray() ?? default)
            .Select(window => (window[0].ToInt64(), window[1].ToInt64()))],
    };
}
