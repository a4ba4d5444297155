using System.Text.Json;

namespace DisruptorStream.Conformance.Cases;

/// <summary>Events, watermarks and clock readings in, panes out.</summary>
internal sealed record WindowVector(string Id) : Vector(Id)
{
    public required WindowShape Window { get; init; }

    public required bool ProcessingTime { get; init; }

    public required long AllowedLateness { get; init; }

    /// <summary>Null where watermarks are steps.</summary>
    public required long? MaxOutOfOrderness { get; init; }

    /// <summary>Null where event time waits for events.</summary>
    public long? QuietAfter { get; init; }

    /// <summary>Null where all keys go by the same watermark.</summary>
    public PerKeyShape? PerKey { get; init; }

    /// <summary>Null where every timestamp is believed.</summary>
    public JumpGuardShape? JumpGuard { get; init; }

    public required string Mode { get; init; }

    public required TriggerShape Trigger { get; init; }

    /// <summary>Null where windows without events are not filled.</summary>
    public FillShape? Fill { get; init; }

    public required IReadOnlyList<WindowStep> Steps { get; init; }

    public required IReadOnlyList<Pane> Expected { get; init; }

    /// <summary>Null where none is stated.</summary>
    public required long? ExpectedDropped { get; init; }

    public static WindowVector Read(JsonElement root) => new(root.GetProperty("id").GetString()!)
    {
        Window = WindowShape.Read(root.GetProperty("window")),
        ProcessingTime = root.OptionalString("time_domain") == "processing",
        AllowedLateness = root.OptionalInt64("allowed_lateness_ms") ?? 0,
        MaxOutOfOrderness = root.OptionalInt64("max_out_of_orderness_ms"),
        QuietAfter = root.OptionalInt64("quiet_after_ms"),
        PerKey = root.Optional("per_key") is { } perKey ? PerKeyShape.Read(perKey) : null,
        JumpGuard = root.Optional("jump_guard") is { } guard ? JumpGuardShape.Read(guard) : null,
        Mode = root.OptionalString("mode") ?? "accumulating",
        Trigger = TriggerShape.Read(root.Optional("trigger")),
        Fill = root.Optional("fill") is { } fill ? FillShape.Read(fill) : null,
        Steps = [.. root.GetProperty("steps").EnumerateArray().Select(ReadStep)],
        Expected = [.. (root.Optional("expect")?.EnumerateArray() ?? default).Select(ReadPane)],
        ExpectedDropped = root.OptionalInt64("expect_dropped"),
    };

    private static WindowStep ReadStep(JsonElement step)
    {
        if (step.Optional("event") is { } published)
        {
            return new WindowStep.Event(
                published.GetProperty("key").ToString(),
                published.OptionalInt64("ts_ms") ?? 0,
                published.OptionalInt64("value") ?? 0);
        }

        if (step.OptionalInt64("watermark_ms") is { } watermark)
            return new WindowStep.Watermark(watermark);
        if (step.OptionalInt64("processing_time_ms") is { } clock)
            return new WindowStep.Clock(clock);
        if (step.Optional("end_of_input") is not null)
            return new WindowStep.EndOfInput();
        throw new InvalidDataException($"the step {step} is not known");
    }

    private static Pane ReadPane(JsonElement pane) => new(
        (int)pane.GetProperty("after_step").ToInt64(),
        pane.GetProperty("key").ToString(),
        pane.GetProperty("start_ms").ToInt64(),
        pane.GetProperty("end_ms").ToInt64(),
        pane.GetProperty("count").ToInt64(),
        pane.OptionalInt64("sum"),
        pane.GetProperty("timing").GetString()!,
        pane.OptionalInt64("index"),
        pane.Optional("filled")?.GetBoolean() ?? false);
}
