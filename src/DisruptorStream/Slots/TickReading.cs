namespace DisruptorStream.Slots;

/// <summary>What a tick carries.</summary>
/// <param name="TimeOfDayTicks">The time of day, which may jump.</param>
/// <param name="SteadyTicks">The steady time, by which durations are measured.</param>
internal readonly record struct TickReading(long TimeOfDayTicks, long SteadyTicks);
