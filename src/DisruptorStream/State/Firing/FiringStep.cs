namespace DisruptorStream.State.Firing;

/// <summary>A slot that something is due at: the watermark has moved, or the clock.</summary>
/// <param name="Sequence">The sequence of the slot.</param>
/// <param name="Ticks">The watermark; of a tick, the steady time.</param>
/// <param name="FromTicks">The watermark before; of a tick, the time of day.</param>
/// <param name="IsTick">Whether it is a tick.</param>
/// <param name="IsStaged">
/// Whether the watermark moves at the slot of the tick, so that what the tick fires waits for what that fires.
/// </param>
internal readonly record struct FiringStep(
    long Sequence, long Ticks, long FromTicks, bool IsTick = false, bool IsStaged = false);
