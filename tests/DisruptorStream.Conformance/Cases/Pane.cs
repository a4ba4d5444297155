namespace DisruptorStream.Conformance.Cases;

/// <summary>A pane that a step brought forth, or is expected to.</summary>
/// <param name="AfterStep">The step, from 0.</param>
/// <param name="Key">The key.</param>
/// <param name="Start">The window's start.</param>
/// <param name="End">The window's end.</param>
/// <param name="Count">The events in the pane.</param>
/// <param name="Sum">The sum of their values; null in a window that has none.</param>
/// <param name="Timing">early, on_time, late or retract.</param>
/// <param name="Index">The pane's index; null where none is expected.</param>
/// <param name="IsFilled">Whether it fills a gap.</param>
internal sealed record Pane(
    int AfterStep,
    string Key,
    long Start,
    long End,
    long Count,
    long? Sum,
    string Timing,
    long? Index,
    bool IsFilled = false);
