namespace DisruptorStream.Conformance.Cases;

/// <summary>The combined watermark after a step.</summary>
/// <param name="AfterStep">The step, from 0.</param>
/// <param name="Watermark">The watermark; null for none yet.</param>
/// <param name="Idle">The idle sources, in order of name; null where none are stated.</param>
internal sealed record CombinedState(int AfterStep, long? Watermark, IReadOnlyList<string>? Idle);
