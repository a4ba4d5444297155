namespace DisruptorStream.Windows;

/// <summary>A half-open span of time, [start, end), in ticks of 100 ns since the Unix epoch.</summary>
/// <param name="StartTicks">The first tick inside.</param>
/// <param name="EndTicks">The first tick outside; above the start.</param>
public readonly record struct TimeWindow(long StartTicks, long EndTicks)
{
    /// <summary>The order in which windows fire: by their end, then by their start.</summary>
    internal static int Compare(in TimeWindow a, in TimeWindow b)
    {
        if (a.EndTicks != b.EndTicks)
            return a.EndTicks < b.EndTicks ? -1 : 1;
        return a.StartTicks.CompareTo(b.StartTicks);
    }
}
