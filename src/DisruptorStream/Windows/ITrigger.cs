namespace DisruptorStream.Windows;

/// <summary>The user's own rule for when a window emits a pane before (early) or after (late) its completion.</summary>
/// <typeparam name="TState">What the trigger remembers for each key and window; all zero to begin with.</typeparam>
/// <remarks>
/// Implement it as a <c>readonly struct</c>: calls are then inlined. A trigger fills the early or the late position
/// of the fixed shape early* → on-time → late*; the on-time pane itself is always emitted. It must be deterministic.
/// </remarks>
public interface ITrigger<TState>
    where TState : unmanaged
{
    /// <summary>An event entered the window. Returns true to emit a pane that includes it.</summary>
    bool OnEvent(ref TState state, in TriggerContext context);

    /// <summary>
    /// The steady time at which <see cref="OnClock"/> wants to be asked; long.MaxValue for never.
    /// </summary>
    long DeadlineTicks(in TState state);

    /// <summary>The clock reached the deadline. Returns true to emit a pane.</summary>
    bool OnClock(ref TState state, long clockTicks);

    /// <summary>A pane was emitted, for whatever cause: forget what led to it.</summary>
    void OnPane(ref TState state);

    /// <summary>Two sessions merge: fold the other's state into this one.</summary>
    void Merge(ref TState state, in TState other);
}
