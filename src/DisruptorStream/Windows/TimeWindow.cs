namespace DisruptorStream.Windows;

/// <summary>A half-open span of time, [start, end), in ticks of 100 ns since the Unix epoch.</summary>
/// <param name="StartTicks">The first tick inside.</param>
/// <param name="EndTicks">The first tick outside; above the start.</param>
public readonly record struct TimeWindow(long StartTicks, long EndTicks)
{
    /// <summary>
    /// Whether it ends earlier than the other one; of those that end together, whether it begins earlier.
    /// </summary>
    internal bool IsBefore(TimeWindow other) =>
        EndTicks != other.EndTicks ? EndTicks < other.EndTicks : StartTicks < other.StartTicks;
}
