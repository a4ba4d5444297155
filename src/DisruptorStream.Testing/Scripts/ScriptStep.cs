namespace DisruptorStream.Testing.Scripts;

/// <summary>A step of a script.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Source">The source that does it; none for the clock.</param>
/// <param name="Event">The event.</param>
/// <param name="Ticks">The watermark, or how far the clock goes.</param>
internal readonly record struct ScriptStep<TEvent>(ScriptStepKind Kind, string Source, TEvent? Event, long Ticks);
