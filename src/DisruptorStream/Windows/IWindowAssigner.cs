namespace DisruptorStream.Windows;

/// <summary>The user's own rule for which windows an event belongs to.</summary>
/// <remarks>
/// Implement it as a <c>readonly struct</c>: the call is then inlined into the engine's loop. The answer must depend on
/// the timestamp alone, since the engine may ask more than once and on several threads.
/// </remarks>
public interface IWindowAssigner
{
    /// <summary>The most windows that one event can be in; 1 to 1024.</summary>
    int MaxWindowsPerEvent { get; }

    /// <summary>
    /// Writes the windows of an event, in any order and each once, and returns how many there are (0 = none).
    /// </summary>
    /// <remarks>Anything else fails for this event alone, which is dropped as AssignerFailed.</remarks>
    /// <param name="timestampTicks">The event's time in ticks of 100 ns since the Unix epoch.</param>
    /// <param name="windows">Room for <see cref="MaxWindowsPerEvent"/> windows; each must hold the timestamp.</param>
    int Assign(long timestampTicks, Span<TimeWindow> windows);
}
