namespace DisruptorStream.Slots;

/// <summary>What a tick carries.</summary>
/// <param name="TimeOfDayTicks">The time of day, which may jump.</param>
/// <param name="SteadyTicks">The steady time, by which durations are measured.</param>
/// <param name="QuietStepTicks">
/// How far the quiet clock has come since the tick before: the steady time less that in which publishers waited for
/// room, and at most two tick intervals.
/// </param>
internal readonly record struct TickReading(long TimeOfDayTicks, long SteadyTicks, long QuietStepTicks);
