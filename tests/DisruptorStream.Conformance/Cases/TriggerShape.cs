using System.Text.Json;

namespace DisruptorStream.Conformance.Cases;

/// <summary>When a vector's windows fire, apart from their completion.</summary>
internal sealed record TriggerShape(
    long? EarlyCount, long? EarlyDelay, long? LateCount, long? LateDelay, bool LateNever)
{
    public static TriggerShape Default { get; } = new(null, null, null, null, false);

    public static TriggerShape Read(JsonElement? element) => element is not { } given
        ? Default
        : new TriggerShape(
            given.OptionalInt64("early_count"),
            given.OptionalInt64("early_delay_ms"),
            given.OptionalInt64("late_count"),
            given.OptionalInt64("late_delay_ms"),
            given.OptionalString("late") == "never");
}
