using System.Text.Json;

namespace DisruptorStream.Conformance.Cases;

/// <summary>A guard against jumps of time.</summary>
/// <param name="Jump">How far ahead is too far.</param>
/// <param name="Keys">How many different keys are believed.</param>
/// <param name="Events">How many events of fewer keys are.</param>
internal sealed record JumpGuardShape(long Jump, long Keys, long Events)
{
    public static JumpGuardShape Read(JsonElement guard) => new(
        guard.GetProperty("jump_ms").ToInt64(),
        guard.GetProperty("keys").ToInt64(),
        guard.GetProperty("events").ToInt64());
}
