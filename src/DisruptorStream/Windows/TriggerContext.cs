namespace DisruptorStream.Windows;

/// <summary>What a trigger is told about an event.</summary>
/// <param name="TimestampTicks">The event's time, in ticks since the Unix epoch.</param>
/// <param name="Bits">The first measure's 64 bits.</param>
/// <param name="ClockTicks">
/// The steady time as of the newest tick: it began with the time of day when the processor was built, and no correction
/// of the clock moves it.
/// </param>
/// <param name="Window">The window that the event entered.</param>
public readonly record struct TriggerContext(long TimestampTicks, long Bits, long ClockTicks, TimeWindow Window)
{
    /// <summary>The first measure, read as a double.</summary>
    public double Value => BitConverter.Int64BitsToDouble(Bits);
}
