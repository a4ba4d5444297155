using System.Text.Json;

namespace DisruptorStream.Conformance.Cases;

/// <summary>What sources do in, the combined watermark out.</summary>
internal sealed record WatermarkVector(string Id) : Vector(Id)
{
    private static readonly string[] Changes = ["idle", "active", "done", "added", "removed"];

    public required IReadOnlyList<string> Sources { get; init; }

    /// <summary>Null where only explicit watermarks count.</summary>
    public required long? MaxOutOfOrderness { get; init; }

    public required long? IdleTimeout { get; init; }

    /// <summary>Null where event time waits for events.</summary>
    public required long? QuietAfter { get; init; }

    /// <summary>Null where every timestamp is believed.</summary>
    public required JumpGuardShape? JumpGuard { get; init; }

    public required IReadOnlyList<SourceStep> Steps { get; init; }

    public required IReadOnlyList<CombinedState> Expected { get; init; }

    public static WatermarkVector Read(JsonElement root) => new(root.GetProperty("id").GetString()!)
    {
        Sources = [.. root.GetProperty("sources").EnumerateArray().Select(source => source.ToString())],
        MaxOutOfOrderness = root.OptionalInt64("max_out_of_orderness_ms"),
        IdleTimeout = root.OptionalInt64("idle_timeout_ms"),
        QuietAfter = root.OptionalInt64("quiet_after_ms"),
        JumpGuard = root.Optional("jump_guard") is { } guard ? JumpGuardShape.Read(guard) : null,
        Steps = [.. root.GetProperty("steps").EnumerateArray().Select(ReadStep)],
        Expected = [.. (root.Optional("expect")?.EnumerateArray() ?? default).Select(ReadState)],
    };

    private static SourceStep ReadStep(JsonElement step)
    {
        if (step.Optional("event") is { } published)
        {
            return new SourceStep.Event(
                published.GetProperty("source").ToString(),
                published.GetProperty("ts_ms").ToInt64(),
                published.OptionalString("key") ?? "key");
        }

        if (step.Optional("source_watermark") is { } watermark)
        {
            return new SourceStep.Watermark(
                watermark.GetProperty("source").ToString(), watermark.GetProperty("watermark_ms").ToInt64());
        }

        if (step.OptionalInt64("processing_time_ms") is { } clock)
            return new SourceStep.Clock(clock);
        foreach (var change in Changes)
        {
            if (step.Optional($"source_{change}") is { } source)
                return new SourceStep.Change(change, NameOf(source));
        }

        throw new InvalidDataException($"the step {step} is not known");
    }

    private static string NameOf(JsonElement source) =>
        source.ValueKind == JsonValueKind.Object ? source.GetProperty("source").ToString() : source.ToString();

    private static CombinedState ReadState(JsonElement state)
    {
        string[]? idle = null;
        if (state.Optional("idle_sources") is { } names)
            idle = [.. names.EnumerateArray().Select(name => name.ToString()).Order(StringComparer.Ordinal)];
        return new CombinedState(
            (int)state.GetProperty("after_step").ToInt64(), state.OptionalInt64("watermark_ms"), idle);
    }
}
